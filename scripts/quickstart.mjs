import { prepare, root, run } from './prepare.mjs';

prepare();
run(process.execPath, [`${root}/dist/cli/main.js`, 'quickstart', ...process.argv.slice(2)]);
