import {
  assertAuditCanFail,
  buildCanaries,
  commitCanaries,
  insertedRecords,
  scoredRecords,
} from '../domain/leak/index.js';
import { encodeTokenShard, tokenizeShard } from '../domain/tokenize/index.js';
import type { Executor } from './context.js';
import { readTokenizer } from './tokenize.js';

/**
 * Canaries as a sealed dataset apart from the records: the whole set for the audit, the token
 * sequences of those whose coin fell "in" for training, and a commitment for the ledger.
 */
export const inject: Executor = async (context) => {
  const tokenizer = await readTokenizer(context);
  const secret = await context.read(context.ref('secret'));
  const set = buildCanaries({ secret, policy: context.policy.inject, codec: tokenizer });
  const options = { ...context.policy.tokenize, heldOutShare: 0 };
  const { sequences } = tokenizeShard(insertedRecords(set), tokenizer, options);
  const scored = tokenizeShard(scoredRecords(set), tokenizer, options);
  assertAuditCanFail(set, [...scored.sequences, ...sequences], context.policy.audit);
  return {
    outputs: {
      canaries: await context.putJson(set, 'vault', 'application/vnd.custos.canaries+json'),
      canaryTokens: await context.put(
        encodeTokenShard(sequences),
        'vault',
        'application/vnd.custos.tokens',
      ),
      commitment: await context.putJson(
        commitCanaries(set),
        'evidence',
        'application/vnd.custos.canary-commitment+json',
      ),
    },
    counts: {
      canaries: set.canaries.length,
      references: set.references.length,
    },
  };
};
