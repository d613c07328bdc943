import { setImmediate as yieldToLoop } from 'node:timers/promises';
import { decodeShardByTurns } from '../domain/record/index.js';
import {
  encodeTokenShard,
  loadTokenizer,
  tokenizeShard as tokenizeRecords,
  type TextTokenizer,
  type TokenSequence,
} from '../domain/tokenize/index.js';
import type { Executor, StepContext } from './context.js';
import { keepRecent } from './recent.js';

/** Records tokenized in one go, some tens of milliseconds; after each the loop turns. */
const RECORDS_PER_TURN = 256;

/** Of a model with a large vocabulary it takes a second to load one, and every shard needs it. */
const recentTokenizers = keepRecent<TextTokenizer>(1);

const parse = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString('utf8'));

/** The base model's tokenizer from the assessed files; their digests are in the memo key. */
export async function readTokenizer(context: StepContext): Promise<TextTokenizer> {
  const refs = [context.ref('tokenizer'), context.ref('tokenizerConfig')] as const;
  // Read by every step, so that each opens them with its own project's right to.
  const [tokenizer, config] = await Promise.all([context.read(refs[0]), context.read(refs[1])]);
  return recentTokenizers.of(refs.map(({ digest }) => digest).join(' '), () =>
    loadTokenizer({ tokenizer: parse(tokenizer), config: parse(config) }),
  );
}

/** Tokens and loss masks of one shard, a sequence per record. */
export const tokenizeShard: Executor = async (context) => {
  const kept = context.ref('kept');
  const bytes = await context.read(kept);
  const tokenizer = await readTokenizer(context);
  const sequences: TokenSequence[] = [];
  let dropped = 0;
  for (const turn of decodeShardByTurns(bytes, kept.digest, RECORDS_PER_TURN)) {
    const tokenized = tokenizeRecords(turn, tokenizer, context.policy.tokenize);
    sequences.push(...tokenized.sequences);
    dropped += tokenized.dropped.length;
    context.heartbeat({ sequences: sequences.length });
    await yieldToLoop();
    context.signal.throwIfAborted();
  }
  const tokens = await context.put(
    encodeTokenShard(sequences),
    'derived',
    'application/vnd.custos.tokens',
  );
  return {
    outputs: { tokens },
    counts: {
      sequences: sequences.length,
      heldOut: sequences.filter((sequence) => sequence.heldOut).length,
      tokens: sequences.reduce((sum, { ids }) => sum + ids.length, 0),
      dropped,
    },
  };
};
