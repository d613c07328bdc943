import { saltedLeaf } from '../../domain/evidence/index.js';
import { digestJson } from '../../domain/lineage/index.js';
import { storedResults } from './chain.js';
import type { ChaosRun } from './chaos-run.js';
import type { Installation } from './installation.js';

/** A line for every result of a store, with its digest, in an order of its own. */
export async function resultLines({ stores }: Installation): Promise<readonly string[]> {
  const results = await storedResults(stores);
  return results.map((result) => `${result.step} ${result.memoKey} ${digestJson(result)}`).sort();
}

export interface LedgerAccount {
  /** In the order of the log. */
  readonly leaves: readonly string[];
  /** Those that the evidence of the run's stages calls for. */
  readonly expected: readonly string[];
}

export async function ledgerAccount({ victim, steps }: ChaosRun): Promise<LedgerAccount> {
  const leaves: string[] = [];
  for await (const { leaf } of victim.installation.stores.ledger.scan(0)) leaves.push(leaf);
  const expected = steps.map(({ committed: { envelope, salt } }) =>
    saltedLeaf(Buffer.from(salt, 'base64'), digestJson(envelope)),
  );
  return { leaves, expected };
}
