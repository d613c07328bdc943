// Digests of what each step's executor is made of. A step whose sources changed yields other
// results under the same memo key unless its version is raised: `npm run steps` records a new
// version's sources; `npm run steps -- --same-results STEP` records a change that you vouch for.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const RECORD = join(root, 'test/house/step-sources.json');

const MODULES = {
  dataset: 'dataset',
  draw: 'dataset',
  ingest: 'ingest',
  assess: 'assess',
  redactShard: 'redact',
  redact: 'collect',
  reviewBatch: 'review-batch',
  review: 'approval',
  waive: 'waive',
  slice: 'slice',
  applyShard: 'apply',
  apply: 'collect',
  sketchShard: 'minimize',
  sketch: 'collect',
  plan: 'minimize',
  keepShard: 'minimize',
  minimize: 'collect',
  inject: 'inject',
  tokenizeShard: 'tokenize',
  tokenize: 'collect',
  compute: 'train',
  train: 'train',
  audit: 'audit',
  release: 'release',
};

// What worker.ts gives to the executors of a module as ports: it decides results like their imports.
const PORTS = {
  ingest: ['infra/sources/index.ts'],
  redact: ['infra/redaction/index.ts'],
  train: [
    'infra/compute/probe.ts',
    'infra/compute/thread.ts',
    'infra/compute/team/member-entry.ts',
  ],
  audit: [
    'infra/compute/thread.ts',
    'infra/compute/team/member-entry.ts',
    'infra/redaction/index.ts',
  ],
};

// Behind every step: how a value becomes bytes, and bytes an artifact with a digest.
const EVERY_STEP = ['domain/lineage/digest.ts', 'infra/object-store/artifact-format.ts'];

// The step runtime and the signatures are not part of a result.
const LEFT_OUT =
  /^(domain\/(lineage|evidence)\/(?!digest)|schemas\/|policies\/steps\.ts|activities\/(edge|api|retryable)\.ts)/;
const STATIC = /^(?:import|export)\s+(?!type\b)[^;]*?\sfrom\s+'([^']+)'/gm;
const BARE = /^import\s+'([^']+)'/gm;
const DYNAMIC = /\bimport\(\s*'([^']+)'\s*\)|\brequire(?:\.resolve)?\(\s*'([^']+)'\s*\)/g;

const texts = new Map();
function textOf(path) {
  if (!texts.has(path)) texts.set(path, readFileSync(join(root, path), 'utf8'));
  return texts.get(path);
}

function importsOf(text) {
  return [STATIC, BARE, DYNAMIC].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, first, second]) => first ?? second),
  );
}

/** `@scope/name` or `name` of a specifier. */
const packageOf = (specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/** Adds to `parts` the sources that a module is made of and the packages that these import. */
function collect(path, parts) {
  if (parts.files.has(path) || LEFT_OUT.test(path) || !existsSync(join(root, path))) return;
  parts.files.add(path);
  for (const specifier of importsOf(textOf(path))) {
    if (specifier.startsWith('.')) {
      collect(join(dirname(path), specifier.replace(/\.js$/, '.ts')), parts);
    } else if (!specifier.startsWith('node:')) {
      parts.packages.add(packageOf(specifier));
    }
  }
}

/** Versions that the lock file resolves, by package. */
export function lockedVersions() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const found = Object.entries(packages)
    .filter(([at]) => at.lastIndexOf('node_modules/') === 0)
    .map(([at, { version }]) => [at.slice('node_modules/'.length), version]);
  return Object.fromEntries(found);
}

/** Step name -> what decides its results: source files and packages, sorted. */
export function stepParts() {
  const steps = textOf('policies/steps.ts');
  return Object.fromEntries(
    Object.entries(MODULES).map(([id, module]) => {
      const name = new RegExp(`\\b${id}: \\{[^}]*?name: '([^']+)'`).exec(steps)?.[1];
      if (name === undefined) throw new Error(`policies/steps.ts has no step ${id}`);
      const parts = { files: new Set(), packages: new Set() };
      const entries = [`activities/${module}.ts`, ...(PORTS[module] ?? []), ...EVERY_STEP];
      for (const entry of entries) {
        if (!existsSync(join(root, entry))) throw new Error(`${entry}, named for ${id}, is gone`);
        collect(entry, parts);
      }
      return [name, { files: [...parts.files].sort(), packages: [...parts.packages].sort() }];
    }),
  );
}

/** Step name -> digest over its sources' paths and bytes and its packages' versions. */
export function stepSources(versions = lockedVersions()) {
  const digests = Object.entries(stepParts()).map(([name, { files, packages }]) => {
    const hash = createHash('sha256');
    for (const path of files) hash.update(`${path}\0${textOf(path)}\0`);
    for (const one of packages) hash.update(`${one}@${versions[one] ?? 'not locked'}\0`);
    return [name, hash.digest('hex')];
  });
  return Object.fromEntries(digests);
}

export function recordedSources() {
  return existsSync(RECORD) ? JSON.parse(readFileSync(RECORD, 'utf8')) : {};
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const vouched = process.argv.includes('--same-results')
    ? process.argv.slice(process.argv.indexOf('--same-results') + 1)
    : [];
  const [recorded, current] = [recordedSources(), stepSources()];
  const changed = Object.keys(current).filter(
    (name) => name in recorded && recorded[name] !== current[name],
  );
  const refused = changed.filter((name) => !vouched.includes(name) && !vouched.includes('all'));
  if (refused.length > 0) {
    console.error(
      [
        `Changed since they were recorded: ${refused.join(', ')}.`,
        'Their own sources, what worker.ts gives them as ports, or the locked version of a package that these import is another one.',
        'If equal inputs may now give other results, raise the version in policies/steps.ts and run this again.',
        `If not: npm run steps -- --same-results ${refused.join(' ')}`,
      ].join('\n'),
    );
    process.exit(1);
  }
  writeFileSync(RECORD, `${JSON.stringify(current, null, 2)}\n`);
}
