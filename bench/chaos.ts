// Runs that are struck in every stage, for several seeds, each beside the same run undisturbed: what
// struck them, how long they took, and whether they ended with the same digests and one leaf a stage.
// Usage: npm run bench chaos -- [--seeds 1,2,3] [--fault-ms 20000] [--out bench/results/chaos.json]
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ledgerAccount, resultLines } from '../test/support/chaos-checks.js';
import {
  runChaos,
  runUndisturbed,
  type ChaosRun,
  type Undisturbed,
} from '../test/support/chaos-run.js';
import { measuredOn } from './measured-on.js';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1,2,3' },
    'fault-ms': { type: 'string', default: '20000' },
    out: { type: 'string' },
  },
});

async function figuresOf(undisturbed: Undisturbed, chaos: ChaosRun) {
  const [own, others] = await Promise.all([
    resultLines(chaos.victim.installation),
    resultLines(undisturbed.installation),
  ]);
  const { leaves, expected } = await ledgerAccount(chaos);
  return {
    results: own.length,
    equalDigests: JSON.stringify(own) === JSON.stringify(others),
    // Besides the stages, the adapter's registration.
    ledgerOnce:
      new Set(leaves).size === leaves.length &&
      leaves.length === expected.length + 1 &&
      expected.every((leaf) => leaves.includes(leaf)),
    resumedAt: chaos.resumedAt,
    strikes: chaos.struck.map(({ stage, afterRequests, blow, faulted }) => ({
      stage,
      afterRequests,
      ...blow,
      ...(blow.kind === 'store' ? { faulted } : {}),
    })),
  };
}

const undisturbed = await runUndisturbed();
const runs: unknown[] = [];
let sound = true;
try {
  for (const seed of values.seeds.split(',').map(Number)) {
    const chaos = await runChaos(undisturbed, seed, { faultMs: Number(values['fault-ms']) });
    try {
      const figures = await figuresOf(undisturbed, chaos);
      sound &&= figures.equalDigests && figures.ledgerOnce;
      runs.push({ seed, seconds: chaos.seconds, ...figures });
      console.log(JSON.stringify({ seed, seconds: chaos.seconds, sound }));
    } finally {
      await chaos.close();
    }
    const result = {
      bench: 'chaos',
      ...measuredOn(),
      undisturbedSeconds: undisturbed.seconds,
      runs,
    };
    if (values.out !== undefined)
      await writeFile(values.out, `${JSON.stringify(result, null, 2)}\n`);
  }
} finally {
  await undisturbed.installation.close();
}
if (!sound) process.exitCode = 1;
