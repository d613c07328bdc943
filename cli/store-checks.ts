import { access } from 'node:fs/promises';
import { join } from 'node:path';
import {
  FRESH_MS,
  planGarbage,
  type Dangling,
  type GarbagePlan,
  type Leftovers,
} from '../infra/garbage/index.js';
import type { DoctorCheck } from '../infra/local/index.js';
import type { App } from './app.js';
import { withWorkspace } from './compose.js';
import { describeError } from './describe-error.js';
import { garbageDeps } from './garbage.js';
import { describeBytes } from './garbage-words.js';
import { askOpenWork } from './open-work.js';

const GRACE_DAYS = 7;
const NAMED = 3;

function orphansCheck({ garbage, stale }: GarbagePlan): DoctorCheck {
  const sizeBytes = garbage.reduce((sum, one) => sum + one.sizeBytes, 0);
  const documents = stale.memo.length + stale.checkpoints.length;
  return {
    name: 'orphans',
    ok: garbage.length === 0,
    required: false,
    detail:
      garbage.length === 0
        ? 'none'
        : `${String(garbage.length)} artifacts (${describeBytes(sizeBytes)}) and ${String(documents)} stored results and checkpoints, older than ${String(GRACE_DAYS)} days, that nothing leads to`,
    hint: 'Look with "custos gc --dry-run", remove with "custos gc".',
  };
}

const danglingWords = ({ digest, mediaType, from }: Dangling): string =>
  `${digest} (${mediaType}), from ${from}`;

function referencesCheck(dangling: readonly Dangling[]): DoctorCheck {
  const more = dangling.length > NAMED ? `; ${String(dangling.length - NAMED)} more` : '';
  return {
    name: 'references',
    ok: dangling.length === 0,
    required: true,
    detail:
      dangling.length === 0
        ? 'each leads to an artifact'
        : `missing: ${dangling.slice(0, NAMED).map(danglingWords).join('; ')}${more}`,
    hint: 'Restore the data bucket from a backup; "custos gc" removes nothing until a missing list is back.',
  };
}

function leftoversCheck({ count, sizeBytes }: Leftovers): DoctorCheck {
  return {
    name: 'half-written objects',
    ok: count === 0,
    required: false,
    detail: count === 0 ? 'none' : `${String(count)} (${describeBytes(sizeBytes)})`,
    hint: 'Of a folder: the next start removes those of an hour ago. Of S3: "mc rm --incomplete --recursive --force ALIAS/BUCKET".',
  };
}

async function hasKeys(dataDir: string): Promise<boolean> {
  return access(join(dataDir, 'keys', 'master.key')).then(
    () => true,
    () => false,
  );
}

/** What is in the store that should not be, and what should be and is not; changes nothing. */
export async function checkStored(app: App): Promise<readonly DoctorCheck[]> {
  // Opening a store makes what is missing, and a doctor only looks.
  if (!(await hasKeys(app.dataDir))) return [];
  try {
    return await withWorkspace(app, async ({ stores, client }) => {
      const plan = await planGarbage(garbageDeps(stores), {
        graceMs: GRACE_DAYS * 86_400_000,
        freshMs: FRESH_MS,
        now: Date.now,
        askOpen: () => askOpenWork(client),
      });
      // Not every access key may list uploads.
      const leftovers = await stores.driver.leftovers().catch(() => undefined);
      return [
        orphansCheck(plan),
        referencesCheck(plan.dangling),
        ...(leftovers === undefined ? [] : [leftoversCheck(leftovers)]),
      ];
    });
  } catch (error) {
    const { code, message } = describeError(error);
    if (code === 'NOT_RUNNING') return [];
    const check = { name: 'references', ok: false, required: true };
    return [{ ...check, detail: `${message} [${code}]`, hint: 'See the message.' }];
  }
}
