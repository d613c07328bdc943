import { describeDuration } from './durations.js';

type Beat = Readonly<Record<string, unknown>>;

/** The attacks of an audit, in the order in which they run. */
const ATTACKS: readonly (readonly [string, string])[] = [
  ['canaries', 'exposure of canaries'],
  ['secrets', 'extraction of canary secrets'],
  ['records', 'extraction of training records'],
  ['generations', 'personal data in generations'],
];

const numberOf = (beat: Beat, key: string): number | undefined =>
  typeof beat[key] === 'number' ? beat[key] : undefined;

const describeEta = (seconds: number): string =>
  seconds < 59.5 ? `${seconds.toFixed(0)} s` : describeDuration(seconds * 1000);

const gibibytes = (bytes: number): string => (bytes / 2 ** 30).toFixed(2);

/** What the training holds now, beside what was planned at its peak. */
function describeTaken(beat: Beat, takenBytes: number): string {
  const planned = numberOf(beat, 'plannedBytes');
  const taken = gibibytes(takenBytes);
  return planned === undefined ? `${taken} GiB` : `${taken} of ${gibibytes(planned)} GiB planned`;
}

function describeTraining(beat: Beat, step: number): string {
  const figures: readonly (readonly [string, (value: number) => string])[] = [
    ['loss', (value) => `loss ${value.toFixed(3)}`],
    ['heldOutLoss', (value) => `held-out ${value.toFixed(3)}`],
    ['tokensPerSecond', (value) => `${value.toFixed(0)} tokens/s`],
    ['etaSeconds', (value) => `${describeEta(value)} left`],
    ['takenBytes', (value) => describeTaken(beat, value)],
  ];
  const said = figures.flatMap(([key, words]) => {
    const value = numberOf(beat, key);
    return value === undefined ? [] : [words(value)];
  });
  return [`step ${String(step)}/${String(numberOf(beat, 'totalSteps') ?? '?')}`, ...said].join(
    ', ',
  );
}

function describeAttack(name: string): string {
  const index = ATTACKS.findIndex(([attack]) => attack === name);
  const words = ATTACKS[index]?.[1];
  if (words === undefined) return `attack: ${name}`;
  return `attack ${String(index + 1)}/${String(ATTACKS.length)}: ${words}`;
}

/** What an activity said last, in words: counts and names of its own, nothing of a record. */
export function describeHeartbeat(beat: Beat): string {
  const step = numberOf(beat, 'step');
  if (step !== undefined) return describeTraining(beat, step);
  const { attack, plan } = beat;
  if (typeof attack === 'string') return describeAttack(attack);
  if (typeof plan === 'string') return `memory: ${plan}`;
  return Object.entries(beat)
    .filter(([key]) => key !== 'at')
    .map(([key, value]) => `${key} ${String(value)}`)
    .join(', ');
}
