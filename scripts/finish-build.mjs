// What tsc leaves out of dist: generated JavaScript, schemas and policy packs, the bundled workflows.
import { chmod, copyFile, cp, mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

await mkdir(`${root}/dist/schemas/generated`, { recursive: true });
await copyFile(
  `${root}/schemas/generated/validators.js`,
  `${root}/dist/schemas/generated/validators.js`,
);
await cp(`${root}/policies`, `${root}/dist/policies`, {
  recursive: true,
  filter: (source) => !source.endsWith('.ts'),
});
if (existsSync(`${root}/dist/cli/main.js`)) await chmod(`${root}/dist/cli/main.js`, 0o755);
if (existsSync(`${root}/dist/workflows/index.js`)) {
  const { bundleWorkflowCode } = await import('@temporalio/worker');
  const { writeFile } = await import('node:fs/promises');
  const { code } = await bundleWorkflowCode({ workflowsPath: `${root}/dist/workflows/index.js` });
  await writeFile(`${root}/dist/workflows/bundle.js`, code);
}
