// What tsc leaves out of dist: generated JavaScript, schemas and policy packs, the bundled workflows.
import { chmod, copyFile, cp, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

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
await chmod(`${root}/dist/cli/main.js`, 0o755);
const { code } = await bundleWorkflowCode({
  workflowsPath: `${root}/dist/workflows/index.js`,
  // Spans of workflows leave through a sink; without one on the worker nothing is traced.
  workflowInterceptorModules: [
    createRequire(import.meta.url).resolve(
      '@temporalio/interceptors-opentelemetry/lib/workflow-interceptors.js',
    ),
  ],
  // The bundler's own progress is noise in a build.
  logger: new DefaultLogger('WARN'),
});
await writeFile(`${root}/dist/workflows/bundle.js`, code);
await writeFile(`${root}/dist/.built`, '');
