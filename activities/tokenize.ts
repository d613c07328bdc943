import { decodeShard } from '../domain/record/index.js';
import {
  encodeTokenShard,
  loadTokenizer,
  tokenizeShard as tokenizeRecords,
  type TextTokenizer,
} from '../domain/tokenize/index.js';
import type { Executor, StepContext } from './context.js';

/** The base model's tokenizer from the assessed files; their digests are in the memo key. */
export async function readTokenizer(context: StepContext): Promise<TextTokenizer> {
  return loadTokenizer({
    tokenizer: await context.readJson(context.ref('tokenizer')),
    config: await context.readJson(context.ref('tokenizerConfig')),
  });
}

/** Tokens and loss masks of one shard, a sequence per record. */
export const tokenizeShard: Executor = async (context) => {
  const kept = context.ref('kept');
  const records = decodeShard(await context.read(kept), kept.digest);
  const tokenizer = await readTokenizer(context);
  const { sequences, report } = tokenizeRecords(records, tokenizer, context.policy.tokenize);
  const bytes = encodeTokenShard(sequences);
  const heldOut = sequences.filter((sequence) => sequence.heldOut).length;
  const dropped = Object.values(report.dropped).reduce((sum, count) => sum + count, 0);
  return {
    outputs: { tokens: await context.put(bytes, 'derived', 'application/vnd.custos.tokens') },
    counts: {
      sequences: sequences.length,
      heldOut,
      tokens: sequences.reduce((sum, { ids }) => sum + ids.length, 0),
      dropped,
    },
  };
};
