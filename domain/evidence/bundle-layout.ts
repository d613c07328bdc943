import type { ArtifactRef, StepResult } from '../../schemas/index.js';
import { digestJson, type Digest } from '../lineage/digest.js';
import { LineageError } from '../lineage/errors.js';

/** Where things stand in an evidence bundle. */
export const BUNDLE = {
  manifest: 'manifest.json',
  signature: 'manifest.dsse.json',
  submission: 'submission.json',
  request: 'request.json',
  policy: 'policy.json',
  entry: 'registry/entry.json',
  proof: 'ledger/proofs.json',
  envelopes: 'envelopes/',
  approvals: 'approvals/',
  results: 'results/',
  lists: 'lists/',
  reports: 'reports/',
  adapter: 'adapter/',
} as const;

/** Outputs of the train step and the files of a PEFT adapter that they are. */
const ADAPTER_FILES = {
  adapterConfig: 'adapter_config.json',
  adapterWeights: 'adapter_model.safetensors',
} as const;

export interface AdapterFile {
  readonly path: string;
  readonly ref: ArtifactRef;
}

/** The base of a step's versioned name: `train` of `custos.train.v1`. */
export function isStep(result: StepResult, base: string): boolean {
  return /^custos\.(.+)\.v[0-9]+$/.exec(result.step)?.[1] === base;
}

/**
 * The files of the adapter that a train step made.
 * @throws LineageError EVIDENCE_INVALID when an output is missing
 */
export function adapterFilesOf(
  train: Pick<StepResult, 'step' | 'outputs'>,
): readonly AdapterFile[] {
  return Object.entries(ADAPTER_FILES).map(([output, path]) => {
    const ref = train.outputs[output];
    if (ref === undefined || Array.isArray(ref)) {
      throw new LineageError('EVIDENCE_INVALID', `${train.step} has no single output "${output}"`);
    }
    return { path, ref };
  });
}

/** The digest that names an adapter: of the canonical list of its files, by path. */
export function adapterDigestOf(train: Pick<StepResult, 'step' | 'outputs'>): Digest {
  return digestJson({
    files: adapterFilesOf(train).map(({ path, ref }) => ({ path, digest: ref.digest })),
  });
}
