import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';
import { RedactThreadError } from './errors.js';
import {
  openPlainRedactor,
  type PlainOutcome,
  type PlainRecord,
  type RedactorSetup,
  type Refusal,
} from './plain-redactor.js';

export type PoolWork = readonly PlainRecord[];
export type ThreadSetup = RedactorSetup;
export type PoolAnswer =
  { readonly outcomes: readonly PlainOutcome[] } | { readonly refusal: Refusal };

export interface RedactPool {
  /**
   * What redacting gives, in the order of the records.
   * @throws RedactThreadError with the code of what a thread refused
   */
  redact(records: readonly PlainRecord[]): Promise<readonly PlainOutcome[]>;
  close(): Promise<void>;
}

export interface RedactPoolOptions extends RedactorSetup {
  /** 1 works in the calling thread. Each thread opens its own model of names. */
  readonly threads: number;
}

/** The built thread entry: beside this file when built, else in the checkout's dist/. */
function threadEntry(): string {
  const built = import.meta.url.endsWith('.js');
  const place = built ? './redact-entry.js' : '../../dist/infra/redaction/redact-entry.js';
  const path = fileURLToPath(new URL(place, import.meta.url));
  if (existsSync(path)) return path;
  throw new RedactThreadError('NOT_BUILT', `${path} is not built; run "npm run build"`);
}

/**
 * Redacts on threads. Results depend on the records alone, not on the number of threads.
 * @throws RedactError ENTITY_UNKNOWN, RECOGNIZER_INVALID, KEY_MISSING; NameModelError; RedactThreadError NOT_BUILT
 */
export async function openRedactPool({
  threads,
  ...setup
}: RedactPoolOptions): Promise<RedactPool> {
  if (threads <= 1) {
    const redact = await openPlainRedactor(setup);
    return {
      redact: (records) => Promise.all(records.map(redact)),
      close: () => Promise.resolve(),
    };
  }
  const pool = new Tinypool({
    filename: threadEntry(),
    runtime: 'worker_threads',
    minThreads: threads,
    maxThreads: threads,
    isolateWorkers: false,
    workerData: setup,
  });
  return {
    async redact(records) {
      const answer = (await pool.run(records, { name: 'redactRecords' })) as PoolAnswer;
      if ('outcomes' in answer) return answer.outcomes;
      throw new RedactThreadError(answer.refusal.code, answer.refusal.message);
    },
    close: () => pool.destroy(),
  };
}
