// Sentences of business mail around data that Faker draws for 25 locales: names, addresses, phone numbers
// and firms as people of another project think they are written. A house number, a code and a city are
// marked apart; what stands around them is ours.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { unmark, type Half, type MarkedDocument } from '../documents/read-documents.js';

const VERSION = '9.9.0';
const FOLDER = resolve('.cache', 'bench', 'faker');
const TEXTS = 600;
/** What Faker takes for today. */
const TODAY = '2026-11-01T00:00:00.000Z';
/** Those that may be looked at while rules are made, and those that are only measured. */
const SEEDS: Readonly<Record<Half, number>> = { consulted: 1, 'held-back': 2 };

const LOCALES =
  'en_US en_GB en_AU en_IN en_CA de de_CH fr fr_CH it es es_MX nl pl da sv nb_NO fi cs_CZ hu hr ro tr pt_BR pt_PT'.split(
    ' ',
  );
/** Where the postal code follows the city. */
const CODE_LAST = new Set(['en_US', 'en_GB', 'en_AU', 'en_IN', 'en_CA', 'ro']);

/** What is used of a Faker. */
interface Faker {
  seed(seed: number): void;
  setDefaultRefDate(date: string): void;
  readonly person: { fullName(): string; firstName(): string; lastName(): string };
  readonly location: {
    streetAddress(full: boolean): string;
    zipCode(): string;
    city(): string;
    country(): string;
  };
  readonly phone: { number(): string };
  readonly company: { name(): string };
  readonly internet: { email(): string; username(): string; url(): string; ip(): string };
  readonly finance: { iban(): string; creditCardNumber(): string };
  readonly date: { birthdate(): Date; recent(): Date };
  readonly number: { int(limits: { min: number; max: number }): number };
  readonly helpers: { arrayElement<T>(list: readonly T[]): T };
}

const TEMPLATES = [
  'Please update the billing address with <A> for this card: <C>.',
  'My name is <P> and my phone number is <T>.',
  'I just moved to <A>, can you change it in the system? Thanks, <P>',
  '<P> lives at <A> and works for <O>.',
  'Could you send a replacement card to <P>, <A>?',
  'Hi <F>, I tried calling you on <T> but no luck. Best, <F>',
  'The meeting with <P> from <O> is moved to <D>.',
  'Invoice for <O>, <A>. Contact: <P>, <E>, <T>',
  'Account <I> belongs to <P>, born <B>.',
  'We met <P> in <L> last week; she is with <O>.',
  'Employee: <P>\nDepartment: Sales\nOffice: <L>\nPhone: <T>\nMail: <E>',
  '<P>, plant manager at <O>, said that the site in <L> will close.',
  'Send the parcel to:\n<P>\n<M>\n',
  'Server <N> was accessed by <U> from <L>, see <W>.',
  'I am <P>. You can reach me at <E> or <T>.',
  'As <P> told <F>, <O> has moved its office to <L>, <K>.',
] as const;

const marked = (mark: string, value: string): string =>
  `{${mark}:${value.replace(/[{}\r\n]+/g, ' ').trim()}}`;

function address(faker: Faker, locale: string, separator: string): string {
  const street = marked('S', faker.location.streetAddress(true));
  const code = marked('Z', faker.location.zipCode());
  const city = marked('L', faker.location.city());
  const place = CODE_LAST.has(locale) ? `${city} ${code}` : `${code} ${city}`;
  return street + separator + place;
}

function dated(faker: Faker, date: Date): string {
  const iso = date.toISOString().slice(0, 10);
  const [year = '', month = '', day = ''] = iso.split('-');
  const long = date.toLocaleDateString('en-US', { dateStyle: 'long', timeZone: 'UTC' });
  return faker.helpers.arrayElement([
    iso,
    `${day}/${month}/${year}`,
    `${day}.${month}.${year}`,
    long,
  ]);
}

const VALUES: Readonly<Record<string, (faker: Faker, locale: string) => string>> = {
  A: (faker, locale) => address(faker, locale, ', '),
  M: (faker, locale) => address(faker, locale, '\n'),
  // Titles are no part of a name, and its own may have one.
  P: ({ person }) => marked('P', `${person.firstName()} ${person.lastName()}`),
  F: ({ person }) => marked('P', person.firstName()),
  T: ({ phone }) => marked('T', phone.number()),
  O: ({ company }) => marked('O', company.name()),
  E: ({ internet }) => marked('E', internet.email()),
  U: ({ internet }) => marked('U', internet.username()),
  W: ({ internet }) => marked('W', internet.url()),
  N: ({ internet }) => marked('N', internet.ip()),
  I: ({ finance }) => marked('N', finance.iban()),
  C: ({ finance }) => marked('N', finance.creditCardNumber()),
  L: ({ location }) => marked('L', location.city()),
  K: ({ location }) => marked('L', location.country()),
  D: (faker) => marked('D', dated(faker, faker.date.recent())),
  B: (faker) => marked('B', dated(faker, faker.date.birthdate())),
};

async function fakers(): Promise<Readonly<Record<string, Faker>>> {
  if (!existsSync(join(FOLDER, 'node_modules', '@faker-js', 'faker'))) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(join(FOLDER, 'package.json'), '{"private":true}');
    const args = [
      'install',
      `@faker-js/faker@${VERSION}`,
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
    ];
    execFileSync('npm', args, { cwd: FOLDER, stdio: 'pipe', timeout: 120_000 });
  }
  const path = createRequire(join(FOLDER, 'package.json')).resolve('@faker-js/faker');
  const module = (await import(pathToFileURL(path).href)) as { allFakers: Record<string, Faker> };
  return module.allFakers;
}

/**
 * The texts of a half, the same every time.
 * @throws Error where Faker cannot be installed
 */
export async function fakerTexts(half: Half): Promise<MarkedDocument[]> {
  const all = await fakers();
  const chosen = LOCALES.flatMap((locale) => {
    const faker = all[locale];
    return faker === undefined ? [] : [{ locale, faker }];
  });
  chosen.forEach(({ faker }, at) => {
    faker.seed(SEEDS[half] * 1000 + at);
    faker.setDefaultRefDate(TODAY);
  });
  return Array.from({ length: TEXTS }, (_, at) => {
    const { locale, faker } = chosen[at % chosen.length] ?? raise();
    const text = faker.helpers
      .arrayElement(TEMPLATES)
      .replace(/<([A-Z])>/g, (whole, kind: string) => VALUES[kind]?.(faker, locale) ?? whole);
    return unmark(`${locale}-${String(at + 1)}`, text);
  });
}

function raise(): never {
  throw new Error(`Faker ${VERSION} has none of the locales ${LOCALES.join(', ')}`);
}
