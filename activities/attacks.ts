import {
  canaryFigures,
  createVaultIndex,
  extractVerbatim,
  scanGenerations,
  secretRange,
  type CanaryFigures,
  type ExtractionTarget,
  type Extractions,
  type GenerationScan,
} from '../domain/leak/index.js';
import { decodeLines } from '../domain/record/index.js';
import {
  asEntityType,
  ownRecognizers,
  createRedactor,
  type NameTagger,
} from '../domain/redact/index.js';
import type { TokenSequence } from '../domain/tokenize/index.js';
import type { RedactVaultEntry } from '../schemas/index.js';
import type { Audit } from './audit-inputs.js';

/** Longest continuation that is compared token by token (Carlini et al. 2023 use 50). */
const SUFFIX_TOKENS = 50;

const byRecordId = (a: TokenSequence, b: TokenSequence): number =>
  a.recordId < b.recordId ? -1 : 1;

/** Negative log-likelihood (nats) of each sequence's secret span alone. */
async function secretLosses(
  { model, canaries, scored }: Audit,
  adapter: 'on' | 'off',
): Promise<number[]> {
  const all = [...canaries.canaries, ...canaries.references];
  const scores = await model.score(scored, adapter);
  return scored.map(({ ids }, index) => {
    const range = secretRange(ids, all[index]?.secretIds ?? []);
    const logProbabilities = scores[index];
    if (range === undefined || logProbabilities === undefined) return Number.NaN;
    let loss = 0;
    // Entry t - 1 is the log-probability of token t.
    for (let t = range.start; t < range.end; t++) loss -= logProbabilities[t - 1] ?? Number.NaN;
    return loss;
  });
}

/** How far the trained canaries' secrets stand out from those that were left out. */
export async function attackCanaries(audit: Audit): Promise<CanaryFigures> {
  const on = await secretLosses(audit, 'on');
  const off = await secretLosses(audit, 'off');
  return canaryFigures(audit.canaries, {
    scores: on.map((loss, index) => loss - (off[index] ?? Number.NaN)),
    reads: audit.reads.canaries,
    confidence: audit.context.policy.audit.confidence,
    delta: 0,
  });
}

/** Greedy continuations of all targets in one call, with the adapter and without. */
async function extract(
  { model, context }: Audit,
  targets: readonly ExtractionTarget[],
): Promise<Extractions> {
  const longest = Math.max(1, ...targets.map(({ ids, prefixTokens }) => ids.length - prefixTokens));
  const prompts = targets.map(({ ids, prefixTokens }) =>
    Int32Array.from(ids.slice(0, prefixTokens)),
  );
  const side = async (adapter: 'on' | 'off') => {
    context.signal.throwIfAborted();
    const said = await model.generate({
      prompts,
      maxNewTokens: longest,
      temperature: 0,
      topP: 1,
      seed: 0,
      adapter,
    });
    let next = 0;
    return extractVerbatim(targets, (_prefix, count) =>
      Promise.resolve((said[next++] ?? new Int32Array()).subarray(0, count)),
    );
  };
  return { adapter: await side('on'), base: await side('off') };
}

function secretTargets({ canaries, scored, reads }: Audit): ExtractionTarget[] {
  return canaries.canaries.flatMap(({ secretIds, recordIds }, index) => {
    const ids = [...(scored[index]?.ids ?? [])];
    const range = secretRange(ids, secretIds);
    if ((reads.canaries[index] ?? 0) === 0 || range === undefined) return [];
    return { id: recordIds[0] ?? '', ids: ids.slice(0, range.end), prefixTokens: range.start };
  });
}

function recordTargets({ trained, reads, context }: Audit): ExtractionTarget[] {
  const { extractionPrefixTokens: prefixTokens, extractionSequences } = context.policy.audit;
  return trained
    .filter(({ ids }, index) => reads.records.has(index) && ids.length > prefixTokens)
    .sort(byRecordId)
    .slice(0, extractionSequences)
    .map(({ recordId, ids }) => ({
      id: recordId,
      ids: [...ids.subarray(0, prefixTokens + SUFFIX_TOKENS)],
      prefixTokens,
    }));
}

/** The prompts of held-out records: what a user would ask, of people the adapter has not seen. */
function heldOutPrompts({ heldOut, context }: Audit): Int32Array[] {
  return [...heldOut]
    .sort(byRecordId)
    .slice(0, context.policy.audit.generations)
    .map(({ ids, lossMask }) => ids.slice(0, Math.max(1, lossMask.indexOf(1))));
}

/** Personal data in answers to held-out prompts, the adapter's beside the base model's. */
export async function attackGenerations(
  audit: Audit,
  tagger: NameTagger | undefined,
): Promise<GenerationScan> {
  const { context, model, tokenizer } = audit;
  const { generationTokens, temperature, topP } = context.policy.audit;
  const prompts = heldOutPrompts(audit);
  const side = async (adapter: 'on' | 'off') => {
    context.signal.throwIfAborted();
    const said = await model.generate({
      prompts,
      maxNewTokens: generationTokens,
      temperature,
      topP,
      seed: 1,
      adapter,
    });
    return said.map((ids) => tokenizer.decode([...ids]));
  };
  const removed: RedactVaultEntry[] = [];
  for (const ref of await context.list('vault', 'vault'))
    removed.push(...decodeLines<RedactVaultEntry>(await context.read(ref)));
  const [texts, baseTexts] = [await side('on'), await side('off')];
  // Made when it is needed: its first one takes a process a second, in which no cancel is heard.
  const { entities, minScore, profile, recognizers } = context.policy.redact;
  const redactor = createRedactor({
    entities: Object.keys(entities).map(asEntityType),
    minScore,
    profile,
    recognizers: ownRecognizers(recognizers),
    ...(tagger === undefined ? {} : { tagger }),
  });
  const findIn = (said: readonly string[]) => Promise.all(said.map(redactor.find));
  return scanGenerations({
    texts,
    baseTexts,
    spans: { adapter: await findIn(texts), base: await findIn(baseTexts) },
    vault: createVaultIndex(
      removed,
      audit.trained.map(({ ids }) => tokenizer.decode([...ids])),
    ),
  });
}

/** Verbatim extraction of the secrets of canaries that training read. */
export function attackSecrets(audit: Audit): Promise<Extractions> {
  return extract(audit, secretTargets(audit));
}

/** Verbatim extraction of records that training read. */
export function attackRecords(audit: Audit): Promise<Extractions> {
  return extract(audit, recordTargets(audit));
}
