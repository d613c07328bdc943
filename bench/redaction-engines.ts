import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import nlp from 'compromise/three';
import {
  createNameTagger,
  createRedactor,
  IDENTIFYING_TYPES,
  type NameTagger,
} from '../domain/redact/index.js';
import { builtInModel } from '../infra/redaction/built-in-models.js';
import { openClassifier } from '../infra/redaction/onnx-classifier.js';
import type { Place } from './redaction-score.js';

/** Something that finds names, under the name it has in the table. */
export interface Engine {
  readonly name: string;
  find(text: string): Promise<readonly Place[]> | readonly Place[];
}

/** A tagger that remembers no window of another measurement. */
async function freshTagger(profile: 'fast' | 'thorough'): Promise<NameTagger> {
  const model = builtInModel(profile);
  if (model === undefined) throw new Error(`profile ${profile} has no model`);
  return createNameTagger(await openClassifier(model.folder, model.digest));
}

/** The engine as the default policy runs it. */
export async function engineOf(profile: 'fast' | 'thorough', minScore: number): Promise<Engine> {
  const options = {
    entities: IDENTIFYING_TYPES,
    minScore,
    profile,
    tagger: await freshTagger(profile),
  };
  return { name: `${profile} from ${String(minScore)}`, find: createRedactor(options).find };
}

interface Term {
  readonly pre: string;
  readonly text: string;
  readonly post: string;
}
interface Doc {
  readonly docs: readonly (readonly Term[])[];
  readonly fullPointer: readonly (readonly [sentence: number, start: number, end: number])[];
  people(): Doc;
  places(): Doc;
  organizations(): Doc;
}

/** What compromise calls people, places and organizations, without outer punctuation. */
export const compromise: Engine = {
  name: 'compromise',
  find: (text) => {
    const doc = nlp(text) as unknown as Doc;
    let at = 0;
    // Its own offsets skip leading punctuation: these add up what it cut.
    const places = doc.docs.map((terms) =>
      terms.map((term) => {
        const start = at + term.pre.length;
        at = start + term.text.length + term.post.length;
        return { start, end: start + term.text.length };
      }),
    );
    const views = [
      ['PERSON', doc.people()],
      ['LOCATION', doc.places()],
      ['ORGANIZATION', doc.organizations()],
    ] as const;
    return views.flatMap(([type, view]) =>
      view.fullPointer.flatMap(([sentence, from, to]) => {
        const [first, last] = [places[sentence]?.[from], places[sentence]?.[to - 1]];
        if (first === undefined || last === undefined) return [];
        const possessive = /['’]s?$/.exec(text.slice(first.start, last.end))?.[0].length ?? 0;
        return { start: first.start, end: last.end - possessive, type };
      }),
    );
  },
};

const [OPEN, CLOSE] = ['\uE000', '\uE001'];

/** Where a redacted text differs: what stands between the marks is gone from the original. */
function placesOf(text: string, redacted: string): Place[] {
  const places: Place[] = [];
  let at = 0;
  let open: { readonly start: number; readonly type: string } | undefined;
  for (const piece of redacted.split(OPEN)) {
    const [type, kept] = piece.includes(CLOSE) ? piece.split(CLOSE) : ['', piece];
    if (piece.includes(CLOSE)) open ??= { start: at, type: type ?? '' };
    if (kept === undefined || kept === '') continue;
    const found = text.indexOf(kept, at);
    if (found < 0) return places;
    if (open !== undefined) places.push({ ...open, end: found });
    open = undefined;
    at = found + kept.length;
  }
  return open === undefined ? places : [...places, { ...open, end: text.length }];
}

/** What redact-pii writes in place of a value; its own settings of that have no effect. */
const PII_MARKS =
  /PERSON_NAME|EMAIL_ADDRESS|CREDIT_CARD_NUMBER|STREET_ADDRESS|ZIPCODE|PHONE_NUMBER|IP_ADDRESS|US_SOCIAL_SECURITY_NUMBER|USERNAME|PASSWORD|CREDENTIALS|DIGITS|URL/g;
/** Its marks under our names of types. */
const PII_TYPES: Readonly<Record<string, string>> = {
  PERSON_NAME: 'PERSON',
  CREDIT_CARD_NUMBER: 'CREDIT_CARD',
  ZIPCODE: 'POSTAL_CODE',
  US_SOCIAL_SECURITY_NUMBER: 'US_SSN',
  PASSWORD: 'SECRET',
  CREDENTIALS: 'SECRET',
  DIGITS: 'OTHER',
};
const piiMark = (mark: string): string => `${OPEN}${PII_TYPES[mark] ?? mark}${CLOSE}`;

interface RedactPii {
  readonly SyncRedactor: new () => { redact(text: string): string };
}

/** redact-pii of npm, installed into a folder; undefined, with a message, where it cannot be. */
export function redactPii(cache: string): Engine | undefined {
  try {
    if (!existsSync(join(cache, 'node_modules', 'redact-pii'))) {
      mkdirSync(cache, { recursive: true });
      writeFileSync(join(cache, 'package.json'), '{"private":true}');
      const args = ['install', 'redact-pii@3.4.0', '--no-audit', '--no-fund', '--ignore-scripts'];
      execFileSync('npm', args, { cwd: cache, stdio: 'pipe', timeout: 120_000 });
    }
    const { SyncRedactor } = createRequire(join(cache, 'package.json'))('redact-pii') as RedactPii;
    const redactor = new SyncRedactor();
    return {
      name: 'redact-pii 3.4',
      find: (text) => placesOf(text, redactor.redact(text).replace(PII_MARKS, piiMark)),
    };
  } catch {
    console.error(`redact-pii is left out: it cannot be installed into ${cache}`);
    return undefined;
  }
}
