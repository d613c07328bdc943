// `npm run bench NAME [arguments]`: builds and runs bench/NAME.ts; without a name, lists them.
import { readdirSync } from 'node:fs';
import { prepare, root, run } from './prepare.mjs';

const [name, ...args] = process.argv.slice(2);
const names = readdirSync(`${root}/bench`)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -'.ts'.length));
if (!names.includes(name)) {
  console.error(`usage: npm run bench NAME [arguments]; benchmarks: ${names.join(', ')}`);
  process.exit(2);
}
prepare();
run(process.execPath, [`${root}/dist/bench/${name}.js`, ...args]);
