// npm run check: every check of the house in turn, a summary at the end.
//   node scripts/check.mjs [--only name[,name]] [--list]
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => join(root, 'node_modules', '.bin', name);
const node = process.execPath;

// Tests that start servers or train belong to `npm test`.
const SLOW_TESTS = ['integration', 'e2e', 'conformance', 'workflow', 'replay'];

const CHECKS = [
  {
    name: 'format',
    says: 'prettier',
    commands: [[bin('prettier'), '--check', '--log-level', 'warn', '.']],
  },
  { name: 'lint', says: 'eslint', commands: [[bin('eslint'), '.']] },
  {
    name: 'types',
    says: 'tsc; workflows without Node types',
    commands: [
      [bin('tsc'), '--noEmit', '-p', 'tsconfig.json'],
      [bin('tsc'), '--noEmit', '-p', 'tsconfig.workflows.json'],
    ],
  },
  {
    name: 'boundaries',
    says: 'dependency-cruiser',
    commands: [[node, 'scripts/check-boundaries.mjs']],
  },
  { name: 'dead-code', says: 'knip', commands: [[bin('knip'), '--no-progress']] },
  {
    name: 'tests',
    says: 'vitest, unit tests and the house',
    commands: [
      [bin('vitest'), 'run', ...SLOW_TESTS.flatMap((room) => ['--exclude', `test/${room}/**`])],
    ],
  },
];

/** Runs one command; resolves to its exit code and what it printed. */
function run([command, ...args]) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env: { ...process.env, FORCE_COLOR: '0' } });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code: code ?? 1, text: Buffer.concat(chunks).toString('utf8') }),
    );
  });
}

/** A check passes when all its commands do; later ones run although an earlier one failed. */
async function runCheck({ name, commands }) {
  const started = performance.now();
  const results = [];
  for (const command of commands) results.push(await run(command));
  const passed = results.every(({ code }) => code === 0);
  if (!passed) console.log(results.map(({ text }) => text.trimEnd()).join('\n'));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${passed ? 'pass' : 'FAIL'}  ${name}  ${seconds} s`);
  return { name, passed, seconds };
}

function chosen() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      list: { type: 'boolean', default: false },
    },
  });
  if (values.list) {
    for (const { name, says } of CHECKS) console.log(`${name.padEnd(12)}${says}`);
    return [];
  }
  const wanted = values.only?.flatMap((names) => names.split(','));
  const unknown = wanted?.filter((name) => CHECKS.every((check) => check.name !== name)) ?? [];
  if (unknown.length > 0) {
    const known = CHECKS.map(({ name }) => name).join(', ');
    throw new Error(`no check is named ${unknown.join(', ')}; the checks are ${known}`);
  }
  return CHECKS.filter(({ name }) => wanted === undefined || wanted.includes(name));
}

async function main() {
  const checks = chosen();
  if (checks.length === 0) return;
  const generated = await run([node, 'scripts/generate-schemas.mjs']);
  if (generated.code !== 0) {
    console.log(generated.text);
    process.exitCode = 1;
    return;
  }
  const results = [];
  for (const check of checks) results.push(await runCheck(check));
  console.log(`\n${'check'.padEnd(12)} result  seconds`);
  for (const { name, passed, seconds } of results) {
    console.log(`${name.padEnd(12)} ${passed ? 'pass  ' : 'FAIL  '}  ${seconds.padStart(7)}`);
  }
  process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;
}

await main().catch((error) => {
  console.error(error.message);
  process.exitCode = 2;
});
