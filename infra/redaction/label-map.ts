import { LABEL_COUNT } from '../../domain/redact/index.js';

/** What models call a person, a place, an organization, and the label that begins each (labels.ts). */
const BEGINS: Readonly<Record<string, number>> = {
  PER: 1,
  PERSON: 1,
  LOC: 3,
  LOCATION: 3,
  GPE: 3,
  FAC: 3,
  ORG: 5,
  ORGANIZATION: 5,
  ORGANISATION: 5,
  CORPORATION: 5,
  GROUP: 5,
};

const SCHEME = /^(?:([BIESLU])[-_])?(.+)$/;
/** Labels of a word that goes on with a name, or that say nothing of where it begins. */
const GOES_ON: ReadonlySet<string> = new Set(['I', 'E', 'L', '']);

/** Shares of a label's probability that go to the beginning and to the inside of a name. */
type Shares = readonly [begin: number, begins: number, inside: number];

/**
 * A model that has no beginnings (IO) may begin a name anywhere and mostly goes on; one that has them
 * may still say "inside" first (IOB1), which must not lose the name.
 */
const [WITHOUT_BEGINNINGS, WITH_BEGINNINGS] = [0.49, 0.1];

function sharesOf(label: string, rescued: number): Shares | undefined {
  const [, place = '', type = ''] = SCHEME.exec(label.toUpperCase()) ?? [];
  const begin = BEGINS[type];
  if (begin === undefined) return undefined;
  return GOES_ON.has(place) ? [begin, rescued, 1 - rescued] : [begin, 1, 0];
}

export interface LabelMap {
  readonly labels: number;
  /** (subwords x labels) logits to (subwords x 7) log-probabilities. */
  readonly toLogits: (values: Float32Array) => Float32Array;
}

const FLOOR = 1e-12;

/**
 * Reads a Hugging Face `id2label`, in any of the schemes IO, IOB, BIOES and BILOU; types that are
 * none of the three count as no name.
 * @returns undefined when ids are not 0 to n-1, or none of the labels is a person, place or organization
 */
export function mapLabels(id2label: unknown): LabelMap | undefined {
  if (typeof id2label !== 'object' || id2label === null) return undefined;
  const names = Object.keys(id2label).map(
    (_, id) => (id2label as Readonly<Record<string, unknown>>)[id],
  );
  if (!names.every((name) => typeof name === 'string')) return undefined;
  const hasBeginnings = names.some((name) => /^[BSU][-_]/i.test(name));
  const rescued = hasBeginnings ? WITH_BEGINNINGS : WITHOUT_BEGINNINGS;
  const shares = names.map((name) => sharesOf(name, rescued));
  if (shares.every((share) => share === undefined)) return undefined;
  return { labels: names.length, toLogits: (values) => convert(values, shares) };
}

function convert(values: Float32Array, shares: readonly (Shares | undefined)[]): Float32Array {
  const rows = values.length / shares.length;
  const out = new Float32Array(rows * LABEL_COUNT);
  for (let row = 0; row < rows; row += 1) {
    const logits = values.subarray(row * shares.length, (row + 1) * shares.length);
    const target = out.subarray(row * LABEL_COUNT, (row + 1) * LABEL_COUNT);
    addRow(logits, shares, target);
  }
  return out;
}

function addRow(
  logits: Float32Array,
  shares: readonly (Shares | undefined)[],
  target: Float32Array,
): void {
  const top = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  const add = (label: number, amount: number): void => {
    target[label] = (target[label] ?? 0) + amount;
  };
  for (const [id, share] of shares.entries()) {
    const probability = (powers[id] ?? 0) / sum;
    if (share === undefined) add(0, probability);
    else {
      add(share[0], probability * share[1]);
      add(share[0] + 1, probability * share[2]);
    }
  }
  for (const [label, probability] of target.entries())
    target[label] = Math.log(probability + FLOOR);
}
