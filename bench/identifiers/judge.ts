// The structured-identifier set: our patterns beside other people's, by type and group of contexts.
import { resolve } from 'node:path';
import { createRedactor, type EntityType } from '../../domain/redact/index.js';
import { redactPii } from '../redaction-engines.js';
import { CONTEXT_GROUPS } from './contexts.js';
import { CASE_TYPES, generateCases } from './generate.js';
import { compromisePeer, presidioPeer, type Peer } from './peers.js';
import { scoreIdentifiers } from './score.js';
import { STRANGERS, STRANGERS_TYPES, strangersCases } from './strangers.js';

/** Another than that of the test, which draws from the same generator. */
const SEED = 20_261;
/** Positive cases a type, and as many negative ones. */
const EACH = 60;
/** All candidates, those from our own threshold on, those more likely than not. */
const PRESIDIO_SCORES = [0, 0.35, 0.5] as const;

const MIN_SCORE = 0.35;

function ours(entities: readonly EntityType[]): Peer {
  const { find } = createRedactor({ entities, minScore: MIN_SCORE, profile: 'patterns' });
  return {
    name: 'Custos patterns',
    types: CASE_TYPES,
    find: (texts) => Promise.all(texts.map(find)),
  };
}

function redactPiiPeer(): Peer | undefined {
  const engine = redactPii(resolve('.cache', 'bench', 'redact-pii'));
  if (engine === undefined) return undefined;
  const types =
    'CREDIT_CARD STREET_ADDRESS POSTAL_CODE PHONE_NUMBER IP_ADDRESS US_SSN USERNAME SECRET EMAIL_ADDRESS URL';
  return {
    name: engine.name,
    types: types.split(' '),
    find: (texts) => Promise.all(texts.map(async (text) => engine.find(text))),
  };
}

/** Figures of each engine by group of contexts: over all types, and over those that it has. */
export async function judgeIdentifiers() {
  const peers = [compromisePeer, redactPiiPeer(), ...PRESIDIO_SCORES.map(presidioPeer)];
  const sets = [
    ...CONTEXT_GROUPS.map(
      (name) => [name, generateCases(SEED, EACH, name), CASE_TYPES, ours(CASE_TYPES)] as const,
    ),
    ...STRANGERS.map(
      // What no list knows is no type of theirs, and closes what would stay open.
      (name) =>
        [
          `stranger, ${name}`,
          strangersCases(name),
          STRANGERS_TYPES,
          ours([...STRANGERS_TYPES, 'OTHER_ID']),
        ] as const,
    ),
  ];
  const groups = sets.map(async ([name, cases, types, own]) => {
    const texts = cases.map(({ text }) => text);
    const rows: [string, object][] = [];
    for (const peer of [own, ...peers]) {
      if (peer === undefined) continue;
      const found = await peer.find(texts);
      const known = types.filter((type) => peer.types.includes(type));
      const { f1, f1Interval } = scoreIdentifiers(cases, found, known);
      const ofItsTypes = { types: known.length, f1, f1Interval };
      rows.push([peer.name, { ...scoreIdentifiers(cases, found, types), ofItsTypes }]);
    }
    return [name, Object.fromEntries(rows)] as const;
  });
  const figures = Object.fromEntries(await Promise.all(groups)) as Record<
    string,
    Record<string, ReturnType<typeof scoreIdentifiers> & { readonly ofItsTypes: OfItsTypes }>
  >;
  return { seed: SEED, casesOfType: { positive: EACH, negative: EACH }, figures };
}

interface OfItsTypes {
  readonly types: number;
  readonly f1: number;
  readonly f1Interval: readonly [number, number];
}

const cell = (f1: number, [from, to]: readonly [number, number]): string =>
  `${f1.toFixed(3)} [${from.toFixed(3)}, ${to.toFixed(3)}]`;

/** The table as text: a block of lines a group of contexts. */
export function identifierTable({ figures }: Awaited<ReturnType<typeof judgeIdentifiers>>): string {
  return Object.entries(figures)
    .map(([name, engines]) => {
      const lines = Object.entries(engines).map(
        ([engine, { f1, f1Interval, leak, excess, ofItsTypes, byType }]) => {
          const worst = Object.entries(byType).sort(([, a], [, b]) => a.f1 - b.f1)[0];
          return [
            engine.padEnd(36),
            cell(f1, f1Interval),
            `leak ${leak.toFixed(3)}`,
            `${String(excess)} in excess`.padStart(14),
            `${String(ofItsTypes.types)} types`.padStart(8),
            cell(ofItsTypes.f1, ofItsTypes.f1Interval),
            `worst ${worst?.[0] ?? ''} ${worst?.[1].f1.toFixed(3) ?? ''}`,
          ].join('  ');
        },
      );
      return [`texts: ${name}`, ...lines].join('\n');
    })
    .join('\n\n');
}
