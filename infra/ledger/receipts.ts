import { canonicalBytes, hexOf, sha256, type DocumentStore } from '../../domain/lineage/index.js';
import { broken } from './blocks.js';
import { atStore } from './faults.js';

const keyOf = (idempotencyKey: string): string =>
  `ledger/receipts/${hexOf(sha256(idempotencyKey))}.json`;

/** Where an idempotency key was used: the number of the block that holds it. */
export interface ReceiptIndex {
  find(idempotencyKey: string): Promise<number | undefined>;
  /** Idempotent: what is there already says the same. */
  record(idempotencyKey: string, block: number): Promise<void>;
}

export function openReceiptIndex(documents: DocumentStore): ReceiptIndex {
  return {
    async find(idempotencyKey) {
      const key = keyOf(idempotencyKey);
      const document = await atStore(`read ${key}`, () => documents.read(key));
      return document === undefined ? undefined : parse(document.bytes, key);
    },
    async record(idempotencyKey, block) {
      const key = keyOf(idempotencyKey);
      const bytes = canonicalBytes({ schema: 'custos.ledger-receipt.v1', block });
      await atStore(`write ${key}`, () => documents.create(key, bytes));
    },
  };
}

function parse(bytes: Uint8Array, key: string): number {
  try {
    const { block } = JSON.parse(Buffer.from(bytes).toString('utf8')) as { block?: unknown };
    if (typeof block === 'number' && Number.isSafeInteger(block) && block >= 0) return block;
  } catch {
    // Falls through: what is wrong is the same, and the parser's message may quote the document.
  }
  throw broken(`${key} does not name a block`);
}
