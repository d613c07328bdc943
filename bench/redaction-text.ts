/** A seeded generator of 32-bit integers (xorshift32); the seed is any number but 0. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const WORDS =
  'the customer asked about an invoice that was paid twice and we sent money back to account after ' +
  'review of ticket by support team on Monday because order had not arrived in Springfield yet so ' +
  'please call again or write when router firmware update is done thanks for your patience today';
const LIST = WORDS.split(' ');
const FIRST = ['Jane', 'John', 'Priya', 'Marta', 'Wei', 'Omar', 'Ulrike', 'Tom'];
const LAST = ['Roe', 'Doe', 'Raman', 'Okafor', 'Zorn', 'Lindqvist', 'Haddad', 'Silva'];

type Random = (below: number) => number;
const pick = <T>(random: Random, items: readonly T[]): T => items[random(items.length)] as T;
const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, () => String(random(10))).join('');

const VALUES: readonly ((random: Random) => string)[] = [
  (random) => `${pick(random, FIRST)} ${pick(random, LAST)}`,
  (random) =>
    `${pick(random, FIRST)}.${pick(random, LAST)}${digits(random, 2)}@example.com`.toLowerCase(),
  (random) => `+1 212-${String(2 + random(8))}${digits(random, 2)}-${digits(random, 4)}`,
  (random) => `order ${digits(random, 9)}`,
  (random) => `10.${String(random(256))}.${String(random(256))}.${String(random(256))}`,
  (random) => `https://example.com/t/${digits(random, 6)}`,
];

/** A line of support prose of some 120 characters with a value now and then. */
export function proseLine(random: Random): string {
  const words = Array.from({ length: 16 + random(10) }, () => pick(random, LIST));
  if (random(3) === 0) words.splice(random(words.length), 0, pick(random, VALUES)(random));
  return `${words.join(' ')}.`;
}

/** About so many bytes of lines, the same for a seed; every ninth ends a paragraph. */
export function proseBlock(bytes: number, seed: number): string {
  const random = randomFrom(seed);
  const lines: string[] = [];
  for (let size = 0; size < bytes;) {
    const line = lines.length % 9 === 8 ? '' : proseLine(random);
    lines.push(line);
    size += line.length + 1;
  }
  return `${lines.join('\n')}\n`;
}

/** The same as JSON lines. */
export const asJsonLines = (block: string): string =>
  block
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `${JSON.stringify({ text: line })}\n`)
    .join('');
