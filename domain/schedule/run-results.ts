import {
  parseJson,
  RESULT_PAYLOAD_TYPE,
  verifyEnvelope,
  type Envelope,
} from '../evidence/index.js';
import { LineageError, type StepRuntime } from '../lineage/index.js';
import { check, validateStepResult, type StepResult } from '../../schemas/index.js';

type Readers = Pick<StepRuntime, 'documents' | 'trustedKeys'>;

/** The results that a run recorded so far, each signature verified. @throws LineageError SIGNATURE_INVALID */
export async function readRunResults(
  { documents, trustedKeys }: Readers,
  runId: string,
): Promise<readonly StepResult[]> {
  const keys = await trustedKeys();
  const results: StepResult[] = [];
  for await (const key of documents.list(`runs/${runId}/`)) {
    if (!key.endsWith('.result.json')) continue;
    const document = await documents.read(key);
    if (document === undefined) continue;
    const expected = { payloadType: RESULT_PAYLOAD_TYPE, use: 'worker' } as const;
    const payload = verifyEnvelope(parseJson(document.bytes, key) as Envelope, keys, expected);
    results.push(check(validateStepResult, parseJson(payload, key), key));
  }
  return results;
}

/** The result of a stage, such as `ingest`, whatever its version; undefined when there is none. */
export function resultOf(results: readonly StepResult[], stage: string): StepResult | undefined {
  return results.find(({ step }) => step.startsWith(`custos.${stage}.v`));
}

/** @throws LineageError STEP_INVALID when it has no such single output */
export function outputDigest(result: StepResult, name: string): string {
  const value = result.outputs[name];
  if (value !== undefined && !Array.isArray(value)) return value.digest;
  throw new LineageError('STEP_INVALID', `${result.step} has no single output "${name}"`);
}
