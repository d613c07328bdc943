import { artifactList, canonicalBytes, sha256 } from '../../domain/lineage/index.js';
import { FAN_OUTS, STEPS, type FanOutId } from '../../policies/index.js';
import type { ArtifactRef, ArtifactTable, StepResult } from '../../schemas/index.js';

/** A reference to made-up bytes. */
export function artifact(bytes: Uint8Array | string): ArtifactRef {
  return {
    digest: sha256(bytes),
    class: 'derived',
    mediaType: 'application/octet-stream',
    sizeBytes: Buffer.from(bytes).length,
  };
}

/** Puts the results of shards into the lists of their stages, and the lists where they are named. */
export function assemble(results: readonly StepResult[]): {
  readonly stages: readonly StepResult[];
  readonly lists: readonly Uint8Array[];
} {
  const lists = ['raw', 'slice', 'map'].map((name) =>
    canonicalBytes(artifactList([artifact(`${name} 0`), artifact(`${name} 1`)])),
  );
  const renamed = new Map<string, ArtifactRef>();
  const rename = (table: ArtifactTable): ArtifactTable =>
    Object.fromEntries(
      Object.entries(table).map(([name, value]) => [
        name,
        Array.isArray(value) ? value : (renamed.get(value.digest) ?? value),
      ]),
    );
  const stages = results.flatMap((result) => {
    if (result.step.includes('.shard.')) return [];
    const listed = result.outputs['shardResults'] as ArtifactRef | undefined;
    if (listed !== undefined) {
      const [, stage] = result.step.split('.');
      const { shard } = FAN_OUTS[stage as FanOutId];
      const base = STEPS[shard].name.replace(/v[0-9]+$/, '');
      const bytes = canonicalBytes(results.filter(({ step }) => step.startsWith(base)));
      lists.push(bytes);
      renamed.set(listed.digest, artifact(bytes));
    }
    const { inputs, outputs } = result;
    return [{ ...result, inputs: rename(inputs), outputs: rename(outputs) }];
  });
  return { stages, lists };
}
