// Typed F1 and leak of the names on NER files, and planted values left in the sample.
// Usage: npm run bench redaction ner DIR | redaction sample DIR [minScore]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeSample } from './sample-truth.js';
import { createRedactor, ENTITY_TYPES, type Profile, type Span } from '../domain/redact/index.js';
import { openTagger } from '../infra/redaction/index.js';

interface NerText {
  readonly text: string;
  readonly spans: readonly {
    readonly start: number;
    readonly end: number;
    readonly label: string;
  }[];
}

const LABELS: Readonly<Record<string, string>> = {
  PERSON: 'PER',
  LOCATION: 'LOC',
  ORGANIZATION: 'ORG',
};

function readLines<T>(path: string): T[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as T);
}

/** Code point offsets of the files to UTF-16 units. */
function toUnits({ text, spans }: NerText): NerText['spans'] {
  const units = [0];
  for (const char of text) units.push((units.at(-1) ?? 0) + char.length);
  return spans.map(({ start, end, label }) => ({
    start: units[start] ?? 0,
    end: units[end] ?? text.length,
    label,
  }));
}

const isCounted = (char: string): boolean => /[\p{L}\p{N}]/u.test(char);

function coverage(text: string, spans: readonly Span[]): Uint8Array {
  const covered = new Uint8Array(text.length);
  for (const { start, end } of spans) covered.fill(1, start, end);
  return covered;
}

async function judgeNer(
  path: string,
  profile: Profile,
  minScore: number,
): Promise<Record<string, number>> {
  const tagger = await openTagger(profile);
  const redactor = createRedactor({
    entities: ENTITY_TYPES,
    minScore,
    profile,
    ...(tagger === undefined ? {} : { tagger }),
  });
  const sum = { gold: 0, found: 0, exact: 0, chars: 0, leaked: 0, all: 0, covered: 0 };
  const began = performance.now();
  for (const item of readLines<NerText>(path)) {
    const gold = toUnits(item);
    const spans = await redactor.find(item.text);
    const named = spans.filter(({ type }) => LABELS[type] !== undefined);
    const keys = new Set(gold.map((g) => `${String(g.start)}:${String(g.end)}:${g.label}`));
    sum.gold += gold.length;
    sum.found += named.length;
    sum.exact += named.filter((s) =>
      keys.has(`${String(s.start)}:${String(s.end)}:${LABELS[s.type] ?? ''}`),
    ).length;
    const covered = coverage(item.text, spans);
    sum.all += item.text.length;
    sum.covered += covered.reduce((n, c) => n + c, 0);
    for (const { start, end } of gold) {
      for (let at = start; at < end; at += 1) {
        if (!isCounted(item.text.charAt(at))) continue;
        sum.chars += 1;
        if (covered[at] === 0) sum.leaked += 1;
      }
    }
  }
  const seconds = (performance.now() - began) / 1000;
  const [p, r] = [sum.exact / sum.found, sum.exact / sum.gold];
  return {
    precision: p,
    recall: r,
    f1: (2 * p * r) / (p + r),
    leak: sum.leaked / sum.chars,
    removedShare: sum.covered / sum.all,
    mbPerSecond: sum.all / 1e6 / seconds,
  };
}

const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;

const [mode, directory, ...rest] = process.argv.slice(2);
const show = rest.includes('--show');
const profile = (rest.find((word) => ['patterns', 'fast', 'thorough'].includes(word)) ??
  'thorough') as Profile;
const minScore = Number(rest.find((word) => /^0?\.\d+$/.test(word)) ?? 0.35);
if (mode === 'ner' && directory !== undefined) {
  const rows: [string, Record<string, number>][] = [];
  for (const file of ['uner_dev', 'wnut_dev', 'gum_dev']) {
    rows.push([file, await judgeNer(join(directory, `${file}.jsonl`), profile, minScore)]);
  }
  console.log(JSON.stringify(Object.fromEntries(rows), rounded, 1));
} else if (mode === 'sample' && directory !== undefined) {
  const options = { profile, minScore, reviewBelow: 0.6 };
  const print = (kind: string, type: string, value: string, around: string): void => {
    console.error(kind, type, JSON.stringify(value), JSON.stringify(around));
  };
  const began = performance.now();
  const figures = await judgeSample(directory, options, show ? print : undefined);
  const seconds = (performance.now() - began) / 1000;
  console.log(JSON.stringify({ ...figures, seconds }, rounded, 1));
} else {
  console.error(
    'usage: npm run bench redaction ner|sample DIR [patterns|fast|thorough] [minScore] [--show]',
  );
  process.exitCode = 2;
}
