// What `npm run quickstart` and `npm test` need first: dependencies installed, dist built.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const SOURCES = [
  'activities',
  'bench',
  'cli',
  'domain',
  'infra',
  'policies',
  'schemas',
  'workflows',
  'worker.ts',
  'package.json',
  'tsconfig.base.json',
  'tsconfig.build.json',
];

function timeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path)
    .filter((name) => name !== 'generated')
    .reduce((latest, name) => Math.max(latest, newest(join(path, name))), stat.mtimeMs);
}

/** Runs a command with its output shown; exits with its status when it fails. */
export function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Custos needs Node 20.19 or later; this is ${process.versions.node}.`);
  process.exit(2);
}

/** Installs and builds only what is missing or older than its sources. */
export function prepare() {
  checkNode();
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (timeOf(installed) < timeOf(join(root, 'package-lock.json'))) {
    console.log('installing dependencies (once)');
    run('npm', ['ci', '--no-audit', '--no-fund']);
    utimesSync(installed, new Date(), new Date());
  }
  const stamp = join(root, 'dist', '.built');
  const latest = Math.max(...SOURCES.map((source) => newest(join(root, source))));
  if (timeOf(stamp) < latest) {
    console.log('building');
    run('npm', ['run', '--silent', 'build']);
  }
}
