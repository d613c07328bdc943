import recheck from 'recheck/lib/browser.js';

/** How the time of a pattern grows with its text. */
type Growth = 'linear' | 'polynomial' | 'exponential' | 'unknown';

/** Which classes overlap decides about backtracking, not how many letters they hold. */
const CLASSES: readonly (readonly [property: string, range: string])[] = [
  [String.raw`\p{Lu}`, 'A-ZÀ-Þ'],
  [String.raw`\p{Ll}`, 'a-zß-ÿ'],
  [String.raw`\p{L}`, 'A-Za-zÀ-ÿ'],
  [String.raw`\p{N}`, '0-9'],
  [String.raw`\p{M}`, String.raw`\u0300-\u036f`],
];

/** A search small enough for a hundred patterns in a test; it finds what plants in the tests show. */
const BUDGET = {
  checker: 'auto',
  timeout: 60_000,
  incubationLimit: 5_000,
  attackLimit: 5_000_000,
  maxIteration: 2,
  maxInitialGenerationSize: 60,
  maxGenerationSize: 20,
  crossoverSize: 5,
  mutationSize: 10,
  maxGeneStringSize: 800,
  maxAttackStringSize: 30_000,
  randomSeed: 1,
} as const;

function withPlainClasses(source: string): string {
  return source.replace(/\[(?:\\.|[^\]\\])*\]|\\p\{\w+\}/g, (token) => {
    const plain = CLASSES.reduce((all, [from, to]) => all.replaceAll(from, to), token);
    return token.startsWith('[') || plain === token ? plain : `[${plain}]`;
  });
}

/**
 * Judges a pattern with recheck: its automaton proves a small one linear, and an attack by chosen
 * texts is looked for with any other.
 * @returns `unknown` where the syntax is beyond it or the budget is used up
 */
export function judgeBacktracking({ source, flags }: RegExp): Growth {
  // A sticky pattern is tried at one place and not searched for.
  const plain = withPlainClasses(flags.includes('y') ? `^(?:${source})` : source);
  const judged = recheck.checkSync(plain, flags.replace(/[^i]/g, ''), BUDGET);
  if (judged.status === 'unknown') return 'unknown';
  return judged.status === 'safe' ? 'linear' : judged.complexity.type;
}
