// How the time of every recognizer's pattern grows with its text, by recheck: minutes, so no test.
// Usage: npm run bench backtracking [-- --out FILE]
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { RECOGNIZERS } from '../domain/redact/recognizers/index.js';
import { judgeBacktracking } from './judge-backtracking.js';
import { measuredOn } from './measured-on.js';

const { values } = parseArgs({
  options: { out: { type: 'string', default: 'bench/results/backtracking.json' } },
});

const patterns: Record<string, ReturnType<typeof judgeBacktracking>> = {};
for (const { name, patterns: own } of RECOGNIZERS) {
  for (const pattern of own) {
    const growth = judgeBacktracking('labels' in pattern ? pattern.value : pattern.regex);
    patterns[`${name}/${pattern.name}`] = growth;
    console.log(growth.padEnd(12), `${name}/${pattern.name}`);
  }
}
writeFileSync(values.out, `${JSON.stringify({ ...measuredOn(), patterns }, undefined, 1)}\n`);
if (Object.values(patterns).includes('exponential')) process.exitCode = 1;
