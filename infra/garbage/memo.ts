import { referencesIn, type Digest } from '../../domain/lineage/index.js';
import type { StepResult } from '../../schemas/index.js';
import type { ObjectDriver } from '../object-store/index.js';

/** Documents of the data bucket that go with the artifacts they name. */
export interface StaleDocuments {
  /** Stored results of which an output goes or is gone: found, they would be relied on. */
  readonly memo: readonly string[];
  /** Checkpoints of trainings that nobody goes on with. */
  readonly checkpoints: readonly string[];
}

/** What a stored result yields; undefined when it is damaged, and counts for nothing anyway. */
function outputsOf(bytes: Uint8Array): readonly Digest[] | undefined {
  try {
    const stored = JSON.parse(Buffer.from(bytes).toString('utf8')) as {
      readonly envelope: { readonly payload: string };
    };
    const payload = Buffer.from(stored.envelope.payload, 'base64').toString('utf8');
    const { outputs } = JSON.parse(payload) as StepResult;
    const { refs } = referencesIn(Buffer.from(JSON.stringify(outputs), 'utf8'));
    return refs.map(({ digest }) => digest);
  } catch {
    return undefined;
  }
}

/** Documents older than `cutOffMs` that go; `stays` says whether an artifact will be there. */
export async function findStale(
  driver: ObjectDriver,
  cutOffMs: number,
  stays: (digest: Digest) => boolean,
): Promise<StaleDocuments> {
  const stale = { memo: [] as string[], checkpoints: [] as string[] };
  for await (const { key, modifiedMs } of driver.entries('data', 'memo/')) {
    if (modifiedMs >= cutOffMs) continue;
    const document = await driver.get('data', key);
    const outputs = document && outputsOf(document.bytes);
    if (outputs?.every(stays) !== true) stale.memo.push(key);
  }
  for await (const { key, modifiedMs } of driver.entries('data', 'checkpoints/')) {
    if (modifiedMs < cutOffMs) stale.checkpoints.push(key);
  }
  return stale;
}
