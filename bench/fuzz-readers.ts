// `npm run bench fuzz-readers [files] [seed]`: reads mutated files of every format, prints what
// became of them and the memory that it took. Ends with an error at the first crash.
import { FUZZED_FORMATS, fuzzFormat } from './fuzz-files.js';

const [files = '10000', seed = '1'] = process.argv.slice(2);
const each = Math.ceil(Number(files) / FUZZED_FORMATS.length);
for (const format of FUZZED_FORMATS) {
  const began = performance.now();
  const figures = await fuzzFormat(format, each, Number(seed));
  const seconds = Math.round(performance.now() - began) / 1000;
  console.log(JSON.stringify({ format, seconds, ...figures }));
}
const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ files: each * FUZZED_FORMATS.length, peakRssMiB: peakMiB }));
