import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { DocumentStore } from '../../domain/lineage/index.js';
import { StoreError } from './errors.js';
import { parseLease, type LeaseDocument } from './lease-document.js';

export interface LeaseOptions {
  /** For how long a holder that vanished keeps the others waiting. */
  readonly ttlMs: number;
  /** Who holds it, for people. */
  readonly owner: string;
  /** How long to wait for another holder; default three times `ttlMs`. */
  readonly waitMs?: number;
}

export interface Lease {
  /** Grows with every holder: a store that remembers the highest can refuse a late writer. */
  readonly token: number;
  /** Aborted when the lease is lost. */
  readonly signal: AbortSignal;
  /** @throws StoreError STORE_LEASED when the lease is lost or may be */
  assertHeld(): void;
}

interface Held {
  readonly document: LeaseDocument;
  readonly etag: string;
  /** By this process's own clock, counted from before the request. */
  readonly validUntilMs: number;
}

/**
 * Runs `body` as the one holder of the lease `name`; renews it meanwhile, hands it on after. No
 * clocks are compared: a contender takes over when it has seen the same document for a whole `ttlMs`.
 * @throws StoreError STORE_LEASED when another holder does not let go within `waitMs`
 */
export async function withLease<T>(
  documents: DocumentStore,
  name: string,
  options: LeaseOptions,
  body: (lease: Lease) => Promise<T>,
): Promise<T> {
  let held = await acquire(documents, name, options);
  const lost = new AbortController();
  const assertHeld = (): void => {
    if (!lost.signal.aborted && performance.now() < held.validUntilMs) return;
    lost.abort();
    throw leased(name, 'was lost to another holder or could not be renewed in time');
  };
  const done = new AbortController();
  const renewal = (async () => {
    while (await pause(options.ttlMs / 3, done.signal)) {
      const renewed = await renew(documents, name, held, options.ttlMs);
      if (renewed !== undefined) held = renewed;
      else if (performance.now() >= held.validUntilMs) lost.abort();
    }
  })();
  try {
    return await body({ token: held.document.token, signal: lost.signal, assertHeld });
  } finally {
    done.abort();
    await renewal;
    await release(documents, name, held);
  }
}

async function acquire(
  documents: DocumentStore,
  name: string,
  { ttlMs, owner, waitMs = 3 * ttlMs }: LeaseOptions,
): Promise<Held> {
  const deadline = performance.now() + waitMs;
  const nonce = randomUUID();
  let seen: { readonly etag: string; readonly sinceMs: number } | undefined;
  for (;;) {
    const found = await documents.read(name);
    const now = performance.now();
    if (found !== undefined && seen?.etag !== found.etag) seen = { etag: found.etag, sinceMs: now };
    const current = found && parseLease(found.bytes, name);
    const free = current === undefined || current.released || now - (seen?.sinceMs ?? now) >= ttlMs;
    if (free) {
      const document = {
        token: (current?.token ?? 0) + 1,
        owner,
        nonce,
        renewals: 0,
        released: false,
      };
      const held = await write(documents, name, document, found?.etag, ttlMs);
      if (held !== undefined) return held;
    }
    if (now >= deadline) throw leased(name, `is held by ${current?.owner ?? 'another'}`);
    await delay(Math.min(50, ttlMs / 10));
  }
}

/** Writes the document over the version with `etag`; undefined when somebody else was faster. */
async function write(
  documents: DocumentStore,
  name: string,
  document: LeaseDocument,
  etag: string | undefined,
  ttlMs: number,
): Promise<Held | undefined> {
  const validUntilMs = performance.now() + ttlMs;
  const bytes = Buffer.from(JSON.stringify(document), 'utf8');
  const written =
    etag === undefined
      ? await documents.create(name, bytes)
      : await documents.replace(name, bytes, etag);
  if (!written) return undefined;
  const stored = await documents.read(name);
  if (stored === undefined || !bytes.equals(stored.bytes)) return undefined;
  return { document, etag: stored.etag, validUntilMs };
}

/** Undefined when it could not be renewed, for whatever reason: it then holds until its time is over. */
async function renew(
  documents: DocumentStore,
  name: string,
  { document, etag }: Held,
  ttlMs: number,
): Promise<Held | undefined> {
  try {
    const next = { ...document, renewals: document.renewals + 1 };
    return await write(documents, name, next, etag, ttlMs);
  } catch {
    return undefined;
  }
}

async function release(documents: DocumentStore, name: string, held: Held): Promise<void> {
  const bytes = Buffer.from(JSON.stringify({ ...held.document, released: true }), 'utf8');
  try {
    await documents.replace(name, bytes, held.etag);
  } catch {
    // The next holder waits for the time to run out instead: slower, and still safe.
  }
}

/** True after `ms`, false at once when aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await delay(ms, undefined, { signal, ref: false });
    return true;
  } catch {
    return false;
  }
}

function leased(name: string, what: string): StoreError {
  return new StoreError('STORE_LEASED', `The lease ${name} ${what}. Try again later.`);
}
