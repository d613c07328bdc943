import {
  decodeLines,
  decodeShard,
  encodeLines,
  encodeShard,
  SHARD_MEDIA_TYPE,
  shardLines,
} from '../domain/record/index.js';
import { applyDecisions, ReviewError, type SlicedDecisions } from '../domain/review/index.js';
import type { RedactVaultEntry, TrainingRecord } from '../schemas/index.js';
import type { Executor, ExecutorOutput, StepContext } from './context.js';

const placeOf = ({
  recordId,
  message,
  start,
  end,
  type,
}: Omit<RedactVaultEntry, 'value'>): string => [recordId, message, start, end, type].join('\0');

const VAULT_MEDIA_TYPE = 'application/vnd.custos.vault+jsonl';

/** A shard of which nothing was decided is itself the approved one. */
async function passOn(context: StepContext): Promise<ExecutorOutput> {
  const approved = context.ref('redacted');
  const records = shardLines(await context.read(approved), approved.digest).length;
  const vault = await context.put(encodeLines([]), 'vault', VAULT_MEDIA_TYPE);
  return { outputs: { approved, vault }, counts: { records, corrected: 0, rejected: 0 } };
}

/** One shard with the reviewers' corrections applied; what they had removed joins the vault. */
export const applyShard: Executor = async (context) => {
  const slice = decodeLines<SlicedDecisions>(await context.read(context.ref('slice')));
  if (slice.length === 0) return passOn(context);
  const decisions = new Map(slice.map((decided) => [decided.recordId, decided]));
  const shard = context.ref('redacted');
  const vault = decodeLines<RedactVaultEntry>(await context.read(context.ref('vault')));
  const values = new Map(vault.map((entry) => [placeOf(entry), entry.value]));
  const options = {
    lookup: (place: Omit<RedactVaultEntry, 'value'>) => values.get(placeOf(place)),
    entities: context.policy.redact.entities,
  };
  const approved: TrainingRecord[] = [];
  const removed: RedactVaultEntry[] = [];
  const counts = { records: 0, corrected: 0, rejected: 0 };
  for (const record of decodeShard(await context.read(shard), shard.digest)) {
    const outcome = applyDecisions(record, decisions.get(record.id), options);
    decisions.delete(record.id);
    counts.records += 1;
    counts.corrected += outcome.removed.length > 0 || outcome.restored > 0 ? 1 : 0;
    counts.rejected += outcome.record === undefined ? 1 : 0;
    if (outcome.record !== undefined) approved.push(outcome.record);
    removed.push(...outcome.removed);
  }
  const [stray] = decisions.keys();
  if (stray !== undefined) {
    throw new ReviewError(
      'BATCH_INVALID',
      `record ${stray} was decided on and is not in its shard`,
    );
  }
  return {
    outputs: {
      approved: await context.put(encodeShard(approved), 'derived', SHARD_MEDIA_TYPE),
      vault: await context.put(encodeLines(removed), 'vault', VAULT_MEDIA_TYPE),
    },
    counts,
  };
};
