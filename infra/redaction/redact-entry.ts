import { workerData } from 'node:worker_threads';
import type { PoolAnswer, PoolWork, ThreadSetup } from './redact-pool.js';
import { openPlainRedactor, refusalOf, type PlainRedactor } from './plain-redactor.js';

// tinypool hands its own data and ours as a pair.
const [, setup] = workerData as readonly [unknown, ThreadSetup];
let opened: Promise<PlainRedactor> | undefined;

/** What a thread of the pool does with one piece of work; errors of ours come back as values. */
export async function redactRecords(work: PoolWork): Promise<PoolAnswer> {
  try {
    opened ??= openPlainRedactor(setup);
    const redact = await opened;
    return { outcomes: await Promise.all(work.map(redact)) };
  } catch (error) {
    return { refusal: refusalOf(error) };
  }
}
