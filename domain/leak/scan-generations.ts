/** Removed values of the training data; in memory only. */
export interface VaultIndex {
  /** The value's normal form and its type, when the words spell a removed value. */
  find(words: readonly string[]): { readonly token: string; readonly type: string } | undefined;
  readonly maxWords: number;
  readonly values: number;
  /** Values left out: too short to tell from chance, or ordinary words of the training text. */
  readonly skipped: number;
}

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function wordsOf(text: string): Word[] {
  return [...text.matchAll(/[\p{L}\p{N}]+/gu)].map((match) => ({
    text: match[0].normalize('NFKC').toLowerCase(),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

const MIN_LETTERS = 4;

/** In how many of the texts each known value stands. */
function countTexts(
  texts: Iterable<string>,
  maxWords: number,
  known: ReadonlyMap<string, string>,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    const words = wordsOf(text).map((word) => word.text);
    const found = new Set<string>();
    words.forEach((_, from) => {
      for (let to = from + 1; to <= Math.min(words.length, from + maxWords); to++) {
        const token = words.slice(from, to).join(' ');
        if (known.has(token)) found.add(token);
      }
    });
    for (const token of found) counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  return counts;
}

/**
 * An index over removed values: letters and digits only, case and separators do not matter.
 * Left out and counted in `skipped`: values of fewer than four letters and digits, and ordinary
 * words, which the recognizers removed here and there ("ward") but which stand in the clear in
 * more of the trained texts than they were removed from: nobody's secret comes back with them.
 */
export function createVaultIndex(
  entries: Iterable<{ readonly type: string; readonly value: string }>,
  trainedTexts: Iterable<string> = [],
): VaultIndex {
  const types = new Map<string, string>();
  const removals = new Map<string, number>();
  let maxWords = 0;
  let skipped = 0;
  for (const { type, value } of entries) {
    const words = wordsOf(value).map(({ text }) => text);
    if (words.join('').length < MIN_LETTERS) {
      skipped++;
      continue;
    }
    const token = words.join(' ');
    types.set(token, type);
    removals.set(token, (removals.get(token) ?? 0) + 1);
    maxWords = Math.max(maxWords, words.length);
  }
  for (const [token, texts] of countTexts(trainedTexts, maxWords, types)) {
    if (texts <= (removals.get(token) ?? 0)) continue;
    types.delete(token);
    skipped++;
  }
  const find: VaultIndex['find'] = (words) => {
    const token = words.join(' ');
    const type = types.get(token);
    return type === undefined ? undefined : { token, type };
  };
  return { find, maxWords, values: types.size, skipped };
}

/** Where personal data stands in generation number `generation`. Never the text. */
export interface VaultHit {
  readonly generation: number;
  readonly start: number;
  readonly end: number;
  readonly type: string;
  /** The base model says it too, without having seen the data. */
  readonly inBase: boolean;
}

export interface GenerationScan {
  readonly generations: number;
  /** Spans that the redactor finds, by entity type; the base model's beside them. */
  readonly byType: Readonly<Record<string, { readonly adapter: number; readonly base: number }>>;
  /** Distinct removed values. */
  readonly vaultHits: {
    readonly adapter: number;
    readonly base: number;
    readonly adapterOnly: number;
  };
  readonly hits: readonly VaultHit[];
  readonly vaultValues: number;
  readonly skippedValues: number;
}

interface FoundSpan {
  readonly type: string;
}

export interface ScanInput {
  readonly texts: readonly string[];
  /** The base model's generations for the same prompts. */
  readonly baseTexts: readonly string[];
  /** What the redactor finds in each text, in the order of `texts` and `baseTexts`. */
  readonly spans: Readonly<Record<'adapter' | 'base', readonly (readonly FoundSpan[])[]>>;
  readonly vault: VaultIndex;
}

interface Found {
  readonly token: string;
  readonly generation: number;
  readonly start: number;
  readonly end: number;
  readonly type: string;
}

function vaultValuesIn(texts: readonly string[], vault: VaultIndex): Found[] {
  return texts.flatMap((text, generation) => {
    const words = wordsOf(text);
    const found: Found[] = [];
    for (let from = 0; from < words.length; from++) {
      const most = Math.min(words.length, from + vault.maxWords);
      for (let to = most; to > from; to--) {
        const span = words.slice(from, to);
        const hit = vault.find(span.map((word) => word.text));
        if (hit === undefined) continue;
        const start = span[0]?.start ?? 0;
        found.push({ ...hit, generation, start, end: span.at(-1)?.end ?? 0 });
      }
    }
    return found;
  });
}

function countByType({ spans }: ScanInput): GenerationScan['byType'] {
  const counts: Record<string, { adapter: number; base: number }> = {};
  for (const side of ['adapter', 'base'] as const) {
    for (const { type } of spans[side].flat()) (counts[type] ??= { adapter: 0, base: 0 })[side]++;
  }
  return counts;
}

/**
 * Personal data in what the adapter says, beside what the base model says to the same prompts.
 * A value that the base model says too was not learned from the data.
 */
export function scanGenerations(input: ScanInput): GenerationScan {
  const { texts, baseTexts, vault } = input;
  const adapter = vaultValuesIn(texts, vault);
  const inBase = new Set(vaultValuesIn(baseTexts, vault).map(({ token }) => token));
  const inAdapter = new Set(adapter.map(({ token }) => token));
  return {
    generations: texts.length,
    byType: countByType(input),
    vaultHits: {
      adapter: inAdapter.size,
      base: inBase.size,
      adapterOnly: [...inAdapter].filter((token) => !inBase.has(token)).length,
    },
    hits: adapter.map(({ token, ...hit }) => ({ ...hit, inBase: inBase.has(token) })),
    vaultValues: vault.values,
    skippedValues: vault.skipped,
  };
}
