// Runs dependency-cruiser over a tree and refuses to trust it blindly: a source file that the
// cruiser did not see, or a tree in which it saw no edges, fails like a violation does.
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOMS = [
  'schemas',
  'policies',
  'domain',
  'infra',
  'activities',
  'workflows',
  'cli',
  'console',
];

const run = promisify(execFile);

/**
 * @param {string} root the tree to check; its node_modules may be a link
 * @returns {Promise<{modules: number, edges: number, problems: string[]}>}
 */
export async function checkBoundaries(root) {
  const { stdout } = await run(
    process.execPath,
    [
      join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
      ...['--config', '.dependency-cruiser.cjs', '--preserve-symlinks', '--output-type', 'json'],
      '.',
    ],
    { cwd: root, maxBuffer: 256 * 1024 * 1024 },
  );
  const { modules, summary } = JSON.parse(stdout);
  const reasons = new Map(
    summary.ruleSetUsed.forbidden.map(({ name, comment }) => [name, comment]),
  );
  const violations = summary.violations.map(
    ({ rule, from, to }) => `${rule.name}: ${from} -> ${to}\n    ${reasons.get(rule.name) ?? ''}`,
  );
  const unseen = await findUnseen(root, modules);
  const edges = modules.reduce((sum, { dependencies }) => sum + dependencies.length, 0);
  if (edges < unseen.seen) unseen.problems.push(`${edges} edges between ${unseen.seen} files`);
  return { modules: unseen.seen, edges, problems: [...violations, ...unseen.problems] };
}

async function findUnseen(root, modules) {
  const cruised = new Set(modules.map(({ source }) => source));
  const listings = await Promise.all(ROOMS.map((room) => listTypeScript(root, room)));
  const onDisk = listings.flat();
  const missing = onDisk.filter((file) => !cruised.has(file));
  return {
    seen: onDisk.length - missing.length,
    problems: missing.map((file) => `not seen by dependency-cruiser: ${file}`),
  };
}

async function listTypeScript(root, room) {
  const entries = await readdir(join(root, room), { recursive: true, withFileTypes: true }).catch(
    (error) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith('schemas/generated/'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { modules, edges, problems } = await checkBoundaries(
    fileURLToPath(new URL('..', import.meta.url)),
  );
  for (const problem of problems) console.log(problem);
  console.log(`${modules} files, ${edges} edges, ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
