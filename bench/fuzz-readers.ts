// Reads mutated files of every format; says what became of them, how long the slowest took and the
// memory. Ends with an error at the first crash. Usage: npm run bench fuzz-readers --
//   [--files 10000] [--seed 1] [--out FILE]
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { FUZZED_FORMATS, fuzzFormat } from './fuzz-files.js';
import { measuredOn } from './measured-on.js';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
});
const each = Math.ceil(Number(values.files) / FUZZED_FORMATS.length);
const formats: unknown[] = [];
for (const format of FUZZED_FORMATS) {
  const began = performance.now();
  const figures = await fuzzFormat(format, each, Number(values.seed));
  const seconds = Math.round(performance.now() - began) / 1000;
  formats.push({ format, seconds, ...figures });
  console.log(JSON.stringify(formats.at(-1)));
}
const result = {
  bench: 'fuzz-readers',
  ...measuredOn(),
  seed: Number(values.seed),
  files: each * FUZZED_FORMATS.length,
  peakRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  formats,
};
if (values.out !== undefined) await writeFile(values.out, `${JSON.stringify(result, null, 2)}\n`);
