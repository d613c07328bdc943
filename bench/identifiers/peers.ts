// Other people's patterns over the same texts, with their types under our names.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import nlp from 'compromise/three';
import type { Found } from './score.js';

/** Something that finds identifiers, under the name it has in the table. */
export interface Peer {
  readonly name: string;
  /** The types that it has something for. */
  readonly types: readonly string[];
  readonly find: (texts: readonly string[]) => Promise<readonly (readonly Found[])[]>;
}

interface View {
  json(
    options: object,
  ): readonly { readonly text: string; readonly offset: { readonly start: number } }[];
}
type Views = Readonly<Record<string, (() => View) | undefined>>;

/** Its plugin for dates is a package of its own and is not part of this. */
const COMPROMISE_VIEWS = {
  emails: 'EMAIL_ADDRESS',
  phoneNumbers: 'PHONE_NUMBER',
  urls: 'URL',
  atMentions: 'USERNAME',
  money: 'MONEY',
} as const;

function compromiseIn(text: string): Found[] {
  const doc = nlp(text) as unknown as Views;
  return Object.entries(COMPROMISE_VIEWS).flatMap(([view, type]) =>
    (doc[view]?.().json({ offset: true }) ?? []).map((one) => {
      // Its offsets skip punctuation before a term but its text holds it.
      const value = one.text.replace(/^[^\p{L}\p{N}@+($€£]+|[^\p{L}\p{N})€£]+$/gu, '');
      const start = text.indexOf(value, Math.max(0, one.offset.start - 2));
      return { start, end: start + value.length, type };
    }),
  );
}

export const compromisePeer: Peer = {
  name: 'compromise',
  types: Object.values(COMPROMISE_VIEWS),
  find: (texts) => Promise.resolve(texts.map(compromiseIn)),
};

/** Presidio's entities under our names; those of no type of ours are passed over. */
const PRESIDIO_TYPES: readonly (readonly [entity: RegExp, type: string])[] = [
  [/^(?:EMAIL_ADDRESS|PHONE_NUMBER|CREDIT_CARD|IBAN_CODE|IP_ADDRESS|MAC_ADDRESS|URL|UUID)$/, ''],
  [/^US_SSN$|^US_ITIN$/, 'US_SSN'],
  [/^US_PASSPORT$/, 'US_PASSPORT'],
  [/_PASSPORT$|_ID_CARD$|_IDENTITY_CARD$/, 'PASSPORT'],
  [/DRIVER_LICENSE$|FUEHRERSCHEIN$|DRIVING_LICENCE$/, 'DRIVER_LICENSE'],
  [/^US_BANK_NUMBER$/, 'ACCOUNT_NUMBER'],
  [/^ABA_ROUTING_NUMBER$/, 'BANK_CODE'],
  [/^CRYPTO$/, 'CRYPTO_ADDRESS'],
  [/^DATE_TIME$/, 'DATE'],
  [/^MEDICAL_LICENSE$|^US_NPI$/, 'LICENSE_NUMBER'],
  [/NHS$|MBI$|HEALTH_INSURANCE|AU_MEDICARE/, 'HEALTH_ID'],
  [/POSTCODE$|POSTAL_CODE$|DE_PLZ$/, 'POSTAL_CODE'],
  [/VEHICLE_REGISTRATION$|LICENSE_PLATE$|DE_KFZ$/, 'VEHICLE_ID'],
  [
    /VAT|_TAX_|_TFN$|_ABN$|_ACN$|_TIN$|_UEN$|IN_PAN|GSTIN|PROVIDER_TAX|_BRN$|ORGANISATIONS/,
    'TAX_ID',
  ],
  [
    /NINO$|AADHAAR$|ES_NIE$|ES_NIF$|PESEL$|FISCAL_CODE$|PERSONNUMMER$|PERSONAL_IDENTITY|SG_NRIC|KR_RRN|KR_FRN|ZA_ID|_NATIONAL_ID|TNIN$|CA_SIN|SOCIAL_SECURITY|IN_VOTER|NG_NIN|PH_UMID/,
    'NATIONAL_ID',
  ],
];

function presidioType(entity: string): string | undefined {
  const known = PRESIDIO_TYPES.find(([name]) => name.test(entity));
  return known === undefined ? undefined : known[1] || entity;
}

/** Surest first, then longest, none over another; its own engine leaves overlaps to the anonymizer. */
function withoutOverlap(spans: readonly (Found & { readonly score: number })[]): Found[] {
  const kept: Found[] = [];
  const order = [...spans].sort(
    (a, b) => b.score - a.score || b.end - b.start - (a.end - a.start) || a.start - b.start,
  );
  for (const span of order) {
    if (!kept.some(({ start, end }) => span.start < end && start < span.end)) kept.push(span);
  }
  return kept;
}

const VERSION = '2.2.366';
const FOLDER = resolve('.cache', 'bench', 'presidio');

/**
 * Presidio's pattern recognizers of all countries, installed from PyPI into a virtual environment.
 * @param minScore candidates below are not counted
 * @returns undefined, with a message, where it cannot be installed
 */
export function presidioPeer(minScore: number): Peer | undefined {
  const python = join(FOLDER, 'bin', 'python');
  try {
    if (!existsSync(join(FOLDER, 'ready'))) {
      mkdirSync(FOLDER, { recursive: true });
      execFileSync('python3', ['-m', 'venv', FOLDER], { stdio: 'pipe' });
      const packages = [`presidio-analyzer==${VERSION}`];
      execFileSync(python, ['-m', 'pip', 'install', '-q', ...packages], { stdio: 'pipe' });
      mkdirSync(join(FOLDER, 'ready'));
    }
  } catch {
    console.error(
      `Presidio is left out: presidio-analyzer ${VERSION} cannot be installed into ${FOLDER}`,
    );
    return undefined;
  }
  const find = (texts: readonly string[]): Promise<Found[][]> => {
    const script = fileURLToPath(
      new URL('../../../bench/identifiers/presidio.py', import.meta.url),
    );
    const out = execFileSync(python, [script], {
      input: JSON.stringify(texts),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const found = JSON.parse(out) as [
      start: number,
      end: number,
      entity: string,
      score: number,
    ][][];
    const places = found.map((spans, at) => {
      const units = [0];
      for (const char of texts[at] ?? '') units.push((units.at(-1) ?? 0) + char.length);
      return withoutOverlap(
        spans.flatMap(([start, end, entity, score]) => {
          const type = presidioType(entity);
          if (type === undefined || score < minScore) return [];
          return { start: units[start] ?? 0, end: units[end] ?? 0, type, score };
        }),
      );
    });
    return Promise.resolve(places);
  };
  const types = [
    ...'EMAIL_ADDRESS PHONE_NUMBER CREDIT_CARD IBAN_CODE IP_ADDRESS MAC_ADDRESS URL UUID'.split(
      ' ',
    ),
    ...PRESIDIO_TYPES.map(([, type]) => type).filter((type) => type !== ''),
  ];
  return { name: `Presidio ${VERSION} patterns from ${String(minScore)}`, types, find };
}
