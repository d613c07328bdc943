import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import {
  collectGarbage,
  FRESH_MS,
  type Collection,
  type GarbageDeps,
} from '../infra/garbage/index.js';
import type { Stores } from '../infra/runtime/index.js';
import type { Workspace } from './compose.js';
import { askOpenWork } from './open-work.js';

/** What garbage collection and holds stand on. */
export function garbageDeps(stores: Stores): GarbageDeps {
  const { driver, artifacts, keys, documents, ledger, trustedKeys } = stores;
  return { driver, artifacts, keys, documents, ledger, trustedKeys, randomBytes };
}

/** Account and machine, as the machine names them: nobody has authenticated. */
export function operator(): string {
  return `${userInfo().username}@${hostname()}`.slice(0, 200);
}

export interface GarbageTimes {
  readonly graceMs: number;
  /** For tests, milliseconds; the store's own rule when absent. */
  readonly freshMs?: number;
  readonly settleMs?: number;
  readonly now?: () => number;
}

/** Removes what nothing leads to, or says what it would remove. */
export function collect(
  { stores, client }: Pick<Workspace, 'stores' | 'client'>,
  dryRun: boolean,
  { graceMs, freshMs = FRESH_MS, settleMs, now = Date.now }: GarbageTimes,
): Promise<Collection> {
  return collectGarbage(garbageDeps(stores), {
    dryRun,
    graceMs,
    freshMs,
    now,
    ...(settleMs === undefined ? {} : { settleMs }),
    by: operator(),
    signer: stores.worker,
    askOpen: () => askOpenWork(client),
  });
}
