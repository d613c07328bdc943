// The profiles and other tools over marked texts: the documents, or those around Faker's data.
import { resolve } from 'node:path';
import { createRedactor, IDENTIFYING_TYPES, type Profile } from '../../domain/redact/index.js';
import { presidioPeer } from '../identifiers/peers.js';
import { compromise, engineOf, redactPii, type Engine } from '../redaction-engines.js';
import type { Place } from '../redaction-score.js';
import { readDocuments, type Half, type MarkedDocument } from './read-documents.js';
import { scoreDocuments, showErrors, type Show } from './score-documents.js';

const FOLDER = 'bench/documents';
/** That of the default policy. */
const MIN_SCORE = 0.35;

/** Something that reads all texts at once, under the name it has in the table. */
interface Reader {
  readonly name: string;
  readonly find: (texts: readonly string[]) => Promise<readonly (readonly Place[])[]>;
}

const readerOf = (name: string, { find }: Pick<Engine, 'find'>): Reader => ({
  name,
  find: async (texts) => {
    const found: (readonly Place[])[] = [];
    for (const text of texts) found.push(await find(text));
    return found;
  },
});

const PROFILES: Readonly<Record<Profile, () => Promise<Pick<Engine, 'find'>>>> = {
  patterns: () => {
    const options = { entities: IDENTIFYING_TYPES, minScore: MIN_SCORE } as const;
    return Promise.resolve(createRedactor({ ...options, profile: 'patterns' }));
  },
  fast: () => engineOf('fast', MIN_SCORE),
  thorough: () => engineOf('thorough', MIN_SCORE),
};

function peers(): Reader[] {
  const pii = redactPii(resolve('.cache', 'bench', 'redact-pii'));
  const all = [
    readerOf(compromise.name, compromise),
    pii && readerOf(pii.name, pii),
    presidioPeer(MIN_SCORE),
  ];
  return all.filter((reader) => reader !== undefined);
}

const textsOf = (documents: readonly MarkedDocument[]): string[] =>
  documents.map(({ text }) => text);

const wordsIn = (text: string): number => text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;

async function judgeHalf(readers: readonly Reader[], documents: readonly MarkedDocument[]) {
  const figures: Record<string, ReturnType<typeof scoreDocuments>> = {};
  for (const { name, find } of readers)
    figures[name] = scoreDocuments(documents, await find(textsOf(documents)));
  const words = documents.reduce((total, { text }) => total + wordsIn(text), 0);
  return { documents: documents.length, words, figures };
}

/** Gives the texts of a half. */
export type Source = (half: Half) => Promise<readonly MarkedDocument[]>;

export const writtenDocuments: Source = (half) => Promise.resolve(readDocuments(FOLDER, half));

/** Every profile and the other tools, over both halves. */
export async function judgeDocuments(source: Source) {
  const readers: Reader[] = [];
  for (const [profile, open] of Object.entries(PROFILES))
    readers.push(readerOf(`Custos ${profile}`, await open()));
  readers.push(...peers());
  return {
    consulted: await judgeHalf(readers, await source('consulted')),
    heldBack: await judgeHalf(readers, await source('held-back')),
  };
}

/** The errors of one profile in the half that may be looked at. */
export async function showDocumentErrors(
  source: Source,
  profile: Profile,
  show: Show,
): Promise<void> {
  const documents = await source('consulted');
  const reader = readerOf(profile, await PROFILES[profile]());
  const found = await reader.find(textsOf(documents));
  for (const [at, document] of documents.entries()) showErrors(document, found[at] ?? [], show);
}

/** The tables as text: a line an engine. */
export function documentTable(halves: Awaited<ReturnType<typeof judgeDocuments>>): string {
  const lines = Object.entries(halves).flatMap(([half, { documents, words, figures }]) => [
    `${half}: ${String(documents)} documents, ${String(words)} words; F1 of names [95%]; leak of names, dates, addresses, identifiers, all; over-redaction; spans that nobody marked`,
    ...Object.entries(figures).map(([name, one]) =>
      [
        name.padEnd(36),
        `${one.namesF1.toFixed(3)} [${one.namesF1Interval.map((f1) => f1.toFixed(2)).join(', ')}]`,
        ...[...Object.values(one.leak), one.leakOfAll].map((leak) => leak.toFixed(3)),
        one.overRedaction.toFixed(4),
        String(one.unmarkedSpans),
      ].join('  '),
    ),
  ]);
  return lines.join('\n');
}
