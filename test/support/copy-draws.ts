import type { Envelope } from '../../domain/evidence/index.js';
import { flattenRefs, hexOf, SETTLED_PREFIX } from '../../domain/lineage/index.js';
import type { Bucket, ObjectDriver } from '../../infra/object-store/index.js';
import type { StepResult } from '../../schemas/index.js';

async function keysOf(driver: ObjectDriver, bucket: Bucket, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of driver.list(bucket, prefix)) keys.push(key);
  return keys;
}

async function copy(from: ObjectDriver, to: ObjectDriver, bucket: Bucket, key: string) {
  const object = await from.get(bucket, key);
  if (object === undefined) throw new Error(`${key} vanished`);
  await to.putIfAbsent(bucket, key, object.bytes);
}

function resultIn(stored: Uint8Array): StepResult {
  const { envelope } = JSON.parse(Buffer.from(stored).toString('utf8')) as {
    readonly envelope: Envelope;
  };
  return JSON.parse(Buffer.from(envelope.payload, 'base64').toString('utf8')) as StepResult;
}

/**
 * Copies what was drawn and what a person decided, and nothing else, to a store under the same keys:
 * the stored results of those kinds and the objects of their outputs, sealed as they are.
 * @returns the steps copied
 */
export async function copyDraws(from: ObjectDriver, to: ObjectDriver): Promise<readonly string[]> {
  const objects = new Map<string, readonly [Bucket, string]>();
  for (const bucket of ['data', 'evidence'] as const) {
    for (const key of await keysOf(from, bucket, 'artifacts/')) {
      objects.set((key.split('/').at(-1) ?? '').replace(/\.\d+$/, ''), [bucket, key]);
    }
  }
  const steps: string[] = [];
  for (const key of await keysOf(from, 'evidence', `evidence/${SETTLED_PREFIX}`)) {
    const stored = await from.get('evidence', key);
    if (stored === undefined) throw new Error(`${key} vanished`);
    const result = resultIn(stored.bytes);
    for (const { digest } of flattenRefs(result.outputs)) {
      const [bucket, name] = objects.get(hexOf(digest)) ?? ['data', `no object of ${digest}`];
      await copy(from, to, bucket, name);
    }
    await copy(from, to, 'evidence', key);
    steps.push(result.step);
  }
  return steps;
}
