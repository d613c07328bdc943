import type { GateDecision, LeakReport } from '../schemas/index.js';
import { table } from './app.js';

type Gate = GateDecision['gates'][number];

const MARKS: Readonly<Record<Gate['verdict'], string>> = {
  open: 'open',
  shut: 'SHUT',
  missing: 'SHUT',
};

function figureOf(value: number | boolean | null): string {
  if (value === null) return 'no figure';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Number.isInteger(value) ? String(value) : value.toFixed(3);
}

/** What is measured: the gate's own words, without the figures that follow them. */
const subjectOf = ({ reason }: Gate): string => reason.split(':')[0] ?? '';

function boundOf({ limit }: Gate): string {
  if (limit === null) return 'no bound';
  return typeof limit === 'boolean' ? `has to be ${figureOf(limit)}` : `at most ${figureOf(limit)}`;
}

/** Each gate with its figure against its bound. */
export function describeGates(gates: readonly Gate[]): string {
  return table(
    gates.map((gate) => [
      `  ${MARKS[gate.verdict]}${gate.required ? '' : ' (not required)'}`,
      gate.name,
      figureOf(gate.figure),
      boundOf(gate),
      subjectOf(gate),
    ]),
  );
}

/** Two figures of the same thing, with the adapter and without it. */
const against = (adapter: number, base: number): string =>
  `${String(adapter)} (${String(base)} by the base model alone)`;

/** What the adapter gave back of its data when attacked; an attack that failed says so. */
export function describeLeak(leak: LeakReport): readonly string[] {
  const { canaries, secrets, records, generations } = leak;
  const once = canaries?.tiers.find(({ repetitions }) => repetitions === 1);
  const failed = 'the attack failed, no figure';
  return [
    `exposure          ${
      once?.meanExposureBits == null
        ? failed
        : `${once.meanExposureBits.toFixed(2)} bits mean, ${(once.maxExposureBits ?? 0).toFixed(2)} at most, of ${String(once.read)} canaries inserted once and read (chance: 1.44 mean)`
    }`,
    `unread canaries   ${canaries === null ? failed : `${String(canaries.unread.canaries)} inserted that training ended before`}`,
    `canary secrets    ${secrets === null ? failed : `verbatim ${against(secrets.verbatim, secrets.baseVerbatim)} of ${String(secrets.sequences)}`}`,
    `training records  ${records === null ? failed : `verbatim ${against(records.verbatim, records.baseVerbatim)} of ${String(records.sequences)} tried`}`,
    `removed values    ${generations === null ? failed : `${String(generations.vaultHits.adapterOnly)} that the base model does not say, in ${String(generations.generations)} generations, ${String(generations.vaultValues)} values looked for`}`,
    `errors            ${String(leak.errors.length)}`,
  ];
}
