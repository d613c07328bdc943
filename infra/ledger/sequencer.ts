import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  canonicalBytes,
  LineageError,
  type DocumentStore,
  type LedgerCheckpoint,
} from '../../domain/lineage/index.js';
import { atStore } from './faults.js';

const KEY = 'ledger/sequencer.json';

/** Every block up to this one has its receipts written; the checkpoint is the block's own. */
export interface HeadHint {
  readonly block: number;
  readonly checkpoint: LedgerCheckpoint;
}

interface SequencerDocument {
  readonly schema: 'custos.ledger-sequencer.v1';
  readonly lease: { readonly token: string; readonly untilMs: number } | null;
  readonly head: HeadHint | null;
}

export interface Lease {
  readonly hint: HeadHint | undefined;
  /** Gives the lease back and leaves the hint for the next holder. */
  release(hint: HeadHint | undefined): Promise<void>;
}

export interface Sequencer {
  readHint(): Promise<HeadHint | undefined>;
  /** @throws LineageError LEDGER_UNAVAILABLE when others hold the lease all the time */
  acquire(): Promise<Lease>;
}

export interface LeaseTimes {
  /** After this a lease is anybody's. */
  readonly leaseMs: number;
  /** How long to wait for one. */
  readonly waitMs: number;
}

/**
 * One writer at a time, so that writers do not race for every block. The lease is a courtesy: what
 * keeps the log from forking is that a block's name can be created only once.
 */
export function openSequencer(documents: DocumentStore, times: LeaseTimes): Sequencer {
  const read = () => atStore(`read ${KEY}`, () => documents.read(KEY));
  const write = (document: SequencerDocument, etag: string | undefined) => {
    const bytes = canonicalBytes(document);
    return atStore(`write ${KEY}`, () =>
      etag === undefined ? documents.create(KEY, bytes) : documents.replace(KEY, bytes, etag),
    );
  };
  const release = async (token: string, hint: HeadHint | undefined): Promise<void> => {
    const found = await read();
    const document = parse(found?.bytes);
    if (found === undefined || document?.lease?.token !== token) return;
    await write({ ...document, lease: null, head: hint ?? document.head }, found.etag);
  };
  const tryAcquire = async (watch: LeaseWatch): Promise<Lease | undefined> => {
    const found = await read();
    const document = parse(found?.bytes);
    if (!watch.isFree(document?.lease ?? null)) return undefined;
    const lease = { token: randomUUID(), untilMs: Date.now() + times.leaseMs };
    const head = document?.head ?? null;
    const won = await write({ schema: 'custos.ledger-sequencer.v1', lease, head }, found?.etag);
    if (!won) return undefined;
    return { hint: head ?? undefined, release: (hint) => release(lease.token, hint) };
  };
  return {
    async readHint() {
      return parse((await read())?.bytes)?.head ?? undefined;
    },
    async acquire() {
      const giveUpMs = performance.now() + times.waitMs;
      const watch = watchLease(times.leaseMs);
      for (let pauseMs = 2; ; pauseMs = Math.min(100, pauseMs * 2)) {
        const lease = await tryAcquire(watch);
        if (lease !== undefined) return lease;
        if (performance.now() > giveUpMs) {
          throw new LineageError(
            'LEDGER_UNAVAILABLE',
            `the ledger's sequencer was busy for ${times.waitMs} ms; the append will be tried again`,
          );
        }
        await sleep(pauseMs * (0.5 + Math.random()));
      }
    },
  };
}

interface LeaseWatch {
  isFree(lease: SequencerDocument['lease']): boolean;
}

/**
 * A lease is over at its time, or when it has been seen unchanged for its whole length: a holder
 * whose clock is hours ahead must not stop everybody else for hours.
 */
function watchLease(leaseMs: number): LeaseWatch {
  let token = '';
  let sinceMs = 0;
  return {
    isFree(lease) {
      if (lease === null || lease.untilMs <= Date.now()) return true;
      const nowMs = performance.now();
      if (lease.token !== token) [token, sinceMs] = [lease.token, nowMs];
      return nowMs - sinceMs > leaseMs;
    },
  };
}

/** Undefined for what is not such a document: it is a hint, and the log itself says the rest. */
function parse(bytes: Uint8Array | undefined): SequencerDocument | undefined {
  if (bytes === undefined) return undefined;
  try {
    const value = JSON.parse(Buffer.from(bytes).toString('utf8')) as Partial<SequencerDocument>;
    if (value.schema !== 'custos.ledger-sequencer.v1') return undefined;
    return { schema: value.schema, lease: value.lease ?? null, head: value.head ?? null };
  } catch {
    return undefined;
  }
}
