// `npm test [-- vitest arguments]`: installs and builds what is missing, gets the two servers, runs every test.
import { prepare, root, run } from './prepare.mjs';

prepare();
for (const server of ['temporal', 'minio'])
  run(process.execPath, [`${root}/dist/cli/main.js`, 'setup', server]);
run(process.execPath, [`${root}/node_modules/vitest/vitest.mjs`, 'run', ...process.argv.slice(2)]);
