import type { Span } from './types.js';

/** What a unit of the text belongs to, as letters that no text has for itself. */
const [PLACE, NAME, STREET, CODE, OTHER] = ['\ue000', '\ue001', '\ue002', '\ue003', '\ue004'];
const MASKS: Partial<Record<Span['type'], string>> = {
  LOCATION: PLACE,
  PERSON: NAME,
  ORGANIZATION: NAME,
  STREET_ADDRESS: STREET,
  POSTAL_CODE: CODE,
};

type Kind = 'name' | 'street' | 'code' | 'unit' | 'number' | 'region' | 'word';

const UNIT_WORDS =
  'Apt|Apto|Appartamento|Appart|App|Unit|Suite|Ste|Flat|Level|Floor|Block|Blk|Bloc|Edif|Esc|Depto|Dpto|Interior|Int|Puerta|Piso|Piano|Portal|Oppgang|Leil|Hus|Zimmer|Stan|Lgh|Kat|Lote|Bl|Sc|Et|Ap|Box|Lot|m|H\\.? ?No|House No|Plot';
const UNIT = String.raw`(?:(?:s\/n\.? )?(?:${UNIT_WORDS})\.? ?(?:[A-Za-z]?\d{1,5}[A-Za-z]?(?:[-/]\d{1,4})?|[A-H](?=[,\n]))|(?:[IVX]{1,4} )?\d{1,2}\.? ?(?:OG|EG|DG|étage|hoog(?: achter| voor)?|emelet|(?:th|tv|mf)(?=[.,\s]))\.?)(?![\w])`;
/** Postal codes: of the United States and Brazil, Poland, Sweden, the Netherlands, Canada, Great Britain, Portugal, India. */
const CODES = String.raw`\d{5}-\d{3,4}|\d{2}-\d{3}|\d{4}-\d{3}|\d{3} \d{2}|\d{3} \d{3}|\d{4} ?[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}`;
const HOUSE = String.raw`\d{1,6}[A-Za-z]?(?:[-/][A-Za-z\d]{1,5}\.?| [A-H] \d{1,3})?`;
const CAPITAL = String.raw`\p{Lu}[\p{L}'’-]{1,24}`;
const SMALL = "(?:(?:de|du|des|da|do|dos|del|la|le|les|van|von|der|den|of|the) |d['’]|l['’]){0,2}";
/** In this order. */
const TOKENS: readonly (readonly [Kind, RegExp])[] = [
  ['name', /[\ue000\ue001]{1,200}(?:[ .'’-][\ue000\ue001]{1,200}){0,5}/y],
  ['street', /\ue002+/y],
  ['code', /\ue003+/y],
  ['unit', new RegExp(UNIT, 'iy')],
  [
    'number',
    new RegExp(
      String.raw`(?:(?:No|Nr|N[º°])[.:]? ?)?(?:[A-Z]{1,2}-)?(?:${CODES}|${HOUSE}|\d{8})\.?(?!\w|[.:]\d|\))`,
      'y',
    ),
  ],
  ['region', /\(?[A-Z]{2,3}\)?(?![\w])/y],
  [
    'word',
    new RegExp(`${CAPITAL}(?: (?!(?:${UNIT_WORDS})(?!\\p{L}))${SMALL}${CAPITAL}){0,3}`, 'uy'),
  ],
];
const SEPARATOR = /(?: , ?|[.,]{0,2} {1,2}|[.,]? ?\r?\n|,|-| - | \/ )(?=\S)/y;
const MAY_BEGIN =
  /(?<![\p{L}\p{N}\ue000-\ue004_.,$€£#/-])[\d\ue000-\ue002]|(?<![\p{L}\p{N}])(?=[ABDEFHILPSU])[A-Z]/gu;
const MOST_TOKENS = 14;

/** A postal code by its form alone. */
const CODE_FORM = new RegExp(String.raw`^(?:[A-Z]{1,2}-)?(?:${CODES}|\d{5,6}|\d{8})$`);
const FOUR_DIGITS = /^(?:[A-Z]{1,2}-)?\d{4}$/;
/** Something is counted: `London, Paris, 12000 people`. */
const GOES_ON =
  /^ (?!(?:and|or|in|on|for|from|at|to|of|with|by|since|can|please|who|which|und|et|y|e|i|og|och|is|was|has)(?!\p{L}))\p{Ll}/u;
const YEAR = /^(?:19|20)\d{2}$/;

interface Token {
  readonly kind: Kind;
  readonly start: number;
  readonly end: number;
}

function maskOf(text: string, spans: readonly Span[]): string {
  // What the text itself holds of these letters means nothing.
  const units = text.replace(/[\ue000-\ue004]/g, '\ufffd').split('');
  // The longer over the shorter: a name within a street is part of it.
  const byLength = [...spans].sort((a, b) => a.end - a.start - (b.end - b.start));
  for (const { type, start, end } of byLength) {
    units.fill(MASKS[type] ?? OTHER, start, end);
  }
  return units.join('');
}

function tokenAt(masked: string, at: number): Token | undefined {
  for (const [kind, regex] of TOKENS) {
    regex.lastIndex = at;
    if (regex.test(masked)) return { kind, start: at, end: regex.lastIndex };
  }
  return undefined;
}

function isBehindNumber(masked: string, chain: readonly Token[], at: number): boolean {
  const last = chain.at(-1);
  return last?.kind === 'number' && /^[^.][ \r\n]+$/.test(masked.slice(last.end - 1, at));
}

/** The parts that follow one another from a place on, with nothing but separators between. */
function chainAt(masked: string, from: number): Token[] {
  const chain: Token[] = [];
  for (let at = from; chain.length < MOST_TOKENS;) {
    const token = tokenAt(masked, at);
    // A word that nothing calls a name counts right behind a number, as street or city.
    if (token === undefined || (token.kind === 'word' && !isBehindNumber(masked, chain, at))) break;
    chain.push(token);
    SEPARATOR.lastIndex = token.end;
    if (!SEPARATOR.test(masked)) break;
    at = SEPARATOR.lastIndex;
  }
  return chain;
}

const isNumeric = (kind: Kind | undefined): boolean => kind === 'number' || kind === 'unit';
const isPart = (kind: Kind | undefined): boolean => kind === 'name' || kind === 'street';

const NOTHING: Token = { kind: 'region', start: 0, end: 0 };

/** Whether a number of the chain is its postal code: beside a place, and of a code's form. */
function isCode(text: string, chain: readonly Token[], at: number): boolean {
  const [before = NOTHING, { kind, start, end } = NOTHING, after] = chain.slice(at - 1, at + 2);
  if (kind !== 'number') return false;
  const written = text.slice(start, end).replace(/\.$/, '');
  const isCity = after?.kind === 'name' || after?.kind === 'word';
  const gap = text.slice(end, after?.start ?? end);
  const leads = isCity && gap.trim().length < 2;
  if (CODE_FORM.test(written)) return leads || isPart(before.kind) || before.kind === 'region';
  if (!FOUR_DIGITS.test(written)) return false;
  // Four digits behind a place are as often a year or a count.
  const first = chain[0]?.kind;
  const closes = first === 'street' ? at > 1 : isNumeric(first) && at > 2 && !YEAR.test(written);
  if (isCity && gap.trim() === '') return !YEAR.test(written) || isNumeric(before.kind);
  return closes && (isPart(before.kind) || before.kind === 'region');
}

/** Whether the parts are an address: a place with a code, and a number of a house or another place. */
function isAddress(
  text: string,
  masked: string,
  chain: readonly Token[],
  codes: readonly number[],
) {
  const [first, last] = [chain[0] ?? NOTHING, chain.at(-1) ?? NOTHING];
  const written = masked.slice(first.start, last.end);
  const places = chain.filter(({ kind }) => isPart(kind)).length;
  const hasCode = codes.length > 0 || chain.some(({ kind }) => kind === 'code');
  if (!hasCode || places === 0) return false;
  const goesOn = GOES_ON.test(text.slice(last.end, last.end + 8));
  if (goesOn && last.kind === 'number') return false;
  if (written.includes(STREET)) return true;
  const hasHouse = ({ kind, start, end }: Token, at: number): boolean =>
    isNumeric(kind) ? !codes.includes(at) : kind === 'name' && /\d/.test(text.slice(start, end));
  if (chain.some(hasHouse)) return true;
  const knowsPlace = [PLACE, CODE].some((mask) => written.includes(mask));
  const isShort = codes.some((at) =>
    FOUR_DIGITS.test(text.slice(chain[at]?.start, chain[at]?.end)),
  );
  return knowsPlace && !isShort && places > 1 && !goesOn;
}

function toSpan(
  type: 'STREET_ADDRESS' | 'POSTAL_CODE' | 'LOCATION',
  start: number,
  end: number,
): Span {
  const explanation = { pattern: 'beside-place', validator: 'none', context: [] } as const;
  return { start, end, type, score: 0.75, recognizer: 'address-parts', explanation };
}

/** The house numbers and flats, with the street where one stands beside them; codes, and unnamed cities behind them. */
function partsOf(chain: readonly Token[], codes: readonly number[]): Span[] {
  const spans: Span[] = [];
  let street: Span | undefined;
  chain.forEach(({ kind, start, end }, at) => {
    const [before = NOTHING, after] = [chain[at - 1], chain[at + 1]];
    if (codes.includes(at)) spans.push(toSpan('POSTAL_CODE', start, end));
    else if (kind === 'word' && codes.includes(at - 1)) spans.push(toSpan('LOCATION', start, end));
    if (!isNumeric(kind) || codes.includes(at)) return;
    const extended = street?.end === before.end ? street : undefined;
    const isNext = after !== undefined && (after.kind === 'name' || after.kind === 'word');
    // `Espinoza Inc, 31 Jennifer Glen`: the nearer of two names is the street.
    const isNearer = isNext && after.start - end === 1 && start - before.end > 1;
    const isBehind = extended === undefined && isPart(before.kind) && !isNearer;
    const isBefore = street === undefined && !isBehind && isNext;
    if (extended !== undefined) spans.pop();
    street = toSpan(
      'STREET_ADDRESS',
      extended?.start ?? (isBehind ? before.start : start),
      isBefore ? after.end : end,
    );
    spans.push(street);
  });
  return spans;
}

/**
 * What stands between the named places of a written address and was not found by itself: numbers of
 * houses and flats, and postal codes. `Imhofstrasse 16, 7207 Ort`, `12 Amanda Common, Baker, MA 30608`.
 * @param spans names, streets and postal codes that were found in the text
 */
export function addressParts(text: string, spans: readonly Span[]): Span[] {
  if (!spans.some(({ type }) => MASKS[type] !== undefined) || !/\d/.test(text)) return [];
  const masked = maskOf(text, spans);
  const found: Span[] = [];
  let end = 0;
  for (const { index } of masked.matchAll(MAY_BEGIN)) {
    if (index < end) continue;
    const chain = chainAt(masked, index);
    if (chain.length < 2) continue;
    const codes = chain.flatMap((_, at) => (isCode(text, chain, at) ? [at] : [])).slice(-1);
    if (!isAddress(text, masked, chain, codes)) continue;
    end = chain.at(-1)?.end ?? end;
    found.push(...partsOf(chain, codes));
  }
  return found;
}
