import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, type Logger } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkBoundaries } from '../../scripts/check-boundaries.mjs';
import { copyHouse, ROOT, type CopiedHouse, type Outcome } from './copied-house.js';

// A checker that silently sees nothing is worse than none: each is shown a violation, planted in a
// copy of the sources under the real configuration, and has to name it.

const IMPORT_PLANTS = [
  [
    'schemas-import-nothing',
    'schemas/planted.ts',
    "export { decideGate } from '../policies/index.js';",
  ],
  [
    'policies-import-schemas-only',
    'policies/planted.ts',
    "export { sha256 } from '../domain/lineage/digest.js';",
  ],
  [
    'domain-imports-inwards',
    'domain/planted/planted.ts',
    "export * from '../../infra/planted/index.js';",
  ],
  [
    'domain-imports-inwards',
    'domain/planted/planted-type.ts',
    "export type * from '../../infra/planted/index.js';",
  ],
  [
    'domain-does-no-io',
    'domain/planted/planted-file.ts',
    "export { readFile } from 'node:fs/promises';",
  ],
  ['domain-does-no-io', 'domain/planted/planted-http.ts', "export { get } from 'node:https';"],
  [
    'domain-does-no-io',
    'domain/planted/planted-lazy.ts',
    "export const run = () => import('node:child_process');",
  ],
  ['domain-uses-no-clients', 'domain/planted/planted-client.ts', "export * from 'minio';"],
  [
    'infra-implements-ports',
    'infra/planted/planted.ts',
    "export * from '../../activities/api.js';",
  ],
  [
    'activities-receive-ports',
    'activities/planted.ts',
    "export * from '../infra/planted/index.js';",
  ],
  [
    'workflows-import-types-and-policies',
    'workflows/planted.ts',
    "export { sha256 } from '../domain/lineage/digest.js';",
  ],
  [
    'workflows-see-activities-as-types',
    'workflows/planted-value.ts',
    "export * from '../activities/api.js';",
  ],
  [
    'replayed-code-has-no-built-ins',
    'workflows/planted-built-in.ts',
    "export { readFileSync } from 'node:fs';",
  ],
  [
    'replayed-code-has-no-built-ins',
    'policies/planted-built-in.ts',
    "export { createHash } from 'node:crypto';",
  ],
  [
    'workflows-use-the-workflow-sdk-only',
    'workflows/planted-package.ts',
    "export { Client } from '@temporalio/client';",
  ],
  ['nothing-imports-the-composition-root', 'infra/planted/root.ts', "import '../../worker.js';"],
  ['nothing-imports-the-cli', 'activities/planted-cli.ts', "export * from '../cli/planted.js';"],
  [
    'nothing-imports-the-console',
    'activities/planted-console.ts',
    "export * from '../console/planted.js';",
  ],
  ['users-reach-workflows-by-messages', 'cli/planted.ts', "export * from '../workflows/index.js';"],
  [
    'only-compose-joins-activities',
    'cli/planted-steps.ts',
    "export * from '../activities/planted-step.js';",
  ],
  [
    'through-the-door-of-a-sub-room',
    'domain/planted/planted-reach.ts',
    "export { createPhilox } from '../model/philox.js';",
  ],
  [
    'through-the-door',
    'activities/planted-reach.ts',
    "export { createPhilox } from '../domain/model/philox.js';",
  ],
  [
    'through-the-door-of-schemas-and-policies',
    'activities/planted-policy.ts',
    "export { decideGate } from '../policies/release-gate.js';",
  ],
  [
    'no-cycles',
    'domain/planted/circle.ts',
    "import { planted } from './round.js';\nexport const circle = planted;",
  ],
  ['nothing-unresolved', 'domain/planted/nowhere.ts', "export * from './not-there.js';"],
  ['no-undeclared-packages', 'infra/planted/undeclared.ts', "export * from 'acorn';"],
  [
    'no-development-packages-at-run-time',
    'infra/planted/development.ts',
    "export * from 'fast-check';",
  ],
  [
    'products-import-no-tests',
    'infra/planted/tested.ts',
    "export * from '../../test/planted/planted.js';",
  ],
] as const;

/** What the planted imports lead to. */
const SUPPORT = {
  'infra/planted/index.ts': 'export const planted = 1;\n',
  'console/planted.ts': 'export const planted = 1;\n',
  'activities/planted-step.ts': 'export const planted = 1;\n',
  'test/planted/planted.ts': 'export const planted = 1;\n',
  'domain/planted/round.ts':
    "import { circle } from './circle.js';\nexport const planted = circle;\n",
};

const LINT_PLANTS = [
  [
    '@typescript-eslint/no-explicit-any',
    'domain/model/planted-any.ts',
    'export const planted = (value: any): unknown => value;',
  ],
  [
    '@typescript-eslint/no-floating-promises',
    'domain/model/planted-promise.ts',
    'export function planted(act: () => Promise<void>): void {\n  act();\n}',
  ],
  [
    'no-restricted-syntax',
    'domain/model/planted-default.ts',
    'const planted = 1;\nexport default planted;',
  ],
  ['no-restricted-syntax', 'domain/model/planted-enum.ts', 'export enum Planted {\n  One,\n}'],
  [
    'no-restricted-syntax',
    'workflows/planted-clock.ts',
    'export const planted = (): number => Date.now();',
  ],
  [
    'no-restricted-syntax',
    'policies/planted-clock.ts',
    'export const planted = (): Date => new Date();',
  ],
  [
    'no-restricted-syntax',
    'domain/model/planted-random.ts',
    'export const planted = (): number => Math.random();',
  ],
  [
    'no-restricted-globals',
    'workflows/planted-process.ts',
    'export const planted = (): unknown => process.env;',
  ],
  ['no-restricted-imports', 'infra/local/planted-built-in.ts', "export { join } from 'path';"],
  [
    'no-restricted-imports',
    'domain/model/planted-chance.ts',
    "import { randomBytes } from 'node:crypto';\nexport const planted = randomBytes(4);",
  ],
  ['no-console', 'domain/model/planted-print.ts', "console.log('planted');\nexport {};"],
  [
    'max-lines-per-function',
    'domain/model/planted-long.ts',
    `export function planted(): void {\n${'  // more\n'.repeat(60)}}`,
  ],
  ['max-lines', 'domain/model/planted-file.ts', '// more\n'.repeat(301)],
  ['house/kebab-case-files', 'domain/model/plantedCamel.ts', 'export const planted = 1;'],
] as const;

// The tools share two cores with the rest of the suite.
const PATIENTLY = { timeout: 180_000 };

/** One copy for each group, so that a plant of one cannot excuse another. */
function useHouse(): () => CopiedHouse {
  let house: CopiedHouse | undefined;
  beforeAll(() => {
    house = copyHouse();
  });
  afterAll(() => {
    house?.remove();
  });
  return () => {
    if (house === undefined) throw new Error('the house is copied before the tests');
    return house;
  };
}

describe('the boundaries', PATIENTLY, () => {
  const house = useHouse();
  let planted: Awaited<ReturnType<typeof checkBoundaries>>;

  beforeAll(async () => {
    house().plant(SUPPORT);
    house().plant(Object.fromEntries(IMPORT_PLANTS.map(([, path, text]) => [path, `${text}\n`])));
    planted = await checkBoundaries(house().root);
  });

  it.each(IMPORT_PLANTS)('%s: %s', (rule, path) => {
    const named = planted.problems.filter((problem) => problem.startsWith(`${rule}: ${path} -> `));
    expect(named).toHaveLength(1);
  });

  it('has a plant for every rule', async () => {
    const config = (await import(join(ROOT, '.dependency-cruiser.cjs'))) as {
      default: { forbidden: readonly { name: string; comment: string }[] };
    };
    const planted = new Set<string>(IMPORT_PLANTS.map(([rule]) => rule));
    expect(
      config.default.forbidden.map(({ name }) => name).filter((name) => !planted.has(name)),
    ).toEqual([]);
    expect(config.default.forbidden.every(({ comment }) => comment.length > 40)).toBe(true);
  });

  it('lets the clean tree pass, having seen all of it', async () => {
    const { modules, edges, problems } = await checkBoundaries(ROOT);
    expect(problems).toEqual([]);
    expect(modules).toBeGreaterThan(200);
    expect(edges).toBeGreaterThan(modules);
  });
});

describe('the linter', PATIENTLY, () => {
  const house = useHouse();
  let text: string;

  beforeAll(() => {
    house().plant(Object.fromEntries(LINT_PLANTS.map(([, path, body]) => [path, `${body}\n`])));
    text = house().run('eslint', '--format', 'json', ...LINT_PLANTS.map(([, path]) => path)).text;
  });

  it.each(LINT_PLANTS)('%s: %s', (rule, path) => {
    const reports = JSON.parse(text) as {
      filePath: string;
      messages: { ruleId: string; severity: number }[];
    }[];
    const report = reports.find(({ filePath }) => filePath.endsWith(path));
    const errors = report?.messages.filter(({ severity }) => severity === 2);
    expect(errors?.map(({ ruleId }) => ruleId)).toContain(rule);
  });
});

describe('the other checks', PATIENTLY, () => {
  const house = useHouse();

  it('prettier names a file that is not formatted', () => {
    house().plant({ 'policies/planted-format.ts': 'export   const planted={a:1}\n' });
    const outcome = house().run('prettier', '--check', 'policies');
    expect(outcome.failed).toBe(true);
    expect(outcome.text).toContain('policies/planted-format.ts');
  });

  it('tsc names a type error, and a Node type in a workflow', () => {
    house().plant({
      'policies/planted-types.ts': "export const planted: number = 'one';\n",
      'workflows/planted-types.ts': "export const planted = Buffer.from('a');\n",
    });
    const outcome = house().run('tsc', '--noEmit', '-p', 'tsconfig.workflows.json');
    expect(outcome.failed).toBe(true);
    expect(outcome.text).toContain('policies/planted-types.ts(1,14): error TS2322');
    expect(outcome.text).toMatch(/workflows\/planted-types\.ts\(1,24\): error TS2\d+.*Buffer/);
  });

  it('knip names an unused export, an unused file and an unused package', () => {
    const manifest = JSON.parse(
      house().run('node', '-p', 'fs.readFileSync("package.json", "utf8")').text,
    );
    house().plant({
      'policies/planted-export.ts': 'export const used = 1;\nexport const plantedExport = 2;\n',
      'policies/planted-unused.ts': 'export const planted = 1;\n',
      'worker.ts':
        "import { used } from './policies/planted-export.js';\nprocess.exitCode = used;\n",
      'package.json': JSON.stringify({
        ...manifest,
        dependencies: { ...manifest.dependencies, 'planted-package': '1.0.0' },
      }),
    });
    const outcome = house().run('knip', '--no-progress', '--reporter', 'compact');
    expect(outcome.failed).toBe(true);
    expect(outcome.text).toMatch(/policies\/planted-export\.ts: .*plantedExport/);
    expect(outcome.text).toContain('policies/planted-unused.ts');
    expect(outcome.text).toContain('planted-package');
  });

  it('the bundler of Temporal refuses a Node built-in and takes the same workflow without', async () => {
    const refused = await bundle('planted-bundle.ts', "import { sep } from 'node:path';\n", 'sep');
    expect(refused.failed).toBe(true);
    expect(refused.text).toContain('node:path');
    const taken = await bundle('planted-bundle.ts', '', "'/'");
    expect(taken).toEqual({ failed: false, text: '' });
  });

  it('the bundler of Temporal takes the real workflows', async () => {
    const messages: string[] = [];
    const { code } = await bundleWorkflowCode({
      workflowsPath: join(ROOT, 'workflows/index.ts'),
      logger: listen(messages),
    });
    expect(messages).toEqual([]);
    expect(code).toContain('fineTune');
  });

  async function bundle(file: string, head: string, value: string): Promise<Outcome> {
    const body = `export async function planted(): Promise<string> {\n  return ${value};\n}\n`;
    house().plant({ [`workflows/${file}`]: `${head}${body}` });
    const messages: string[] = [];
    const failed = await bundleWorkflowCode({
      workflowsPath: join(house().root, 'workflows', file),
      logger: listen(messages),
    }).then(
      () => false,
      () => true,
    );
    return { failed, text: messages.join('\n') };
  }
});

/** Keeps what the bundler complains about and drops its progress. */
function listen(messages: string[]): Logger {
  return new DefaultLogger('WARN', ({ message }) => {
    messages.push(message);
  });
}
