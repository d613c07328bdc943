// Digests of what each step's executor is made of. A step whose sources changed yields other
// results under the same memo key unless its version is raised: `npm run steps` records a new
// version's sources; `npm run steps -- --same-results STEP` records a change that you vouch for.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
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
  applyShard: 'apply',
  apply: 'collect',
  sketchShard: 'minimize',
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

// The step runtime and the signatures are not part of a result.
const LEFT_OUT =
  /^(domain\/(lineage|evidence)\/|schemas\/|policies\/steps\.ts|activities\/(edge|api|retryable)\.ts)/;
const IMPORT = /^(?:import|export)\s+(?!type\b)[^;]*?\sfrom\s+'(\.[^']+)'/gm;

function sourcesOf(entry, seen = new Set()) {
  const path = relative(root, entry);
  if (seen.has(path) || LEFT_OUT.test(path) || !existsSync(entry)) return seen;
  seen.add(path);
  for (const [, specifier] of readFileSync(entry, 'utf8').matchAll(IMPORT)) {
    sourcesOf(join(dirname(entry), specifier.replace(/\.js$/, '.ts')), seen);
  }
  return seen;
}

/** Step name -> digest over its sources' paths and bytes. */
export async function stepSources() {
  const text = readFileSync(join(root, 'policies/steps.ts'), 'utf8');
  const digests = {};
  for (const [id, module] of Object.entries(MODULES)) {
    const name = new RegExp(`\\b${id}: \\{[^}]*?name: '([^']+)'`).exec(text)?.[1];
    if (name === undefined) throw new Error(`policies/steps.ts has no step ${id}`);
    const hash = createHash('sha256');
    for (const path of [...sourcesOf(join(root, `activities/${module}.ts`))].sort()) {
      hash
        .update(`${path}\0`)
        .update(readFileSync(join(root, path)))
        .update('\0');
    }
    if (module === 'train' || module === 'audit') {
      for (const path of [...sourcesOf(join(root, 'infra/compute/thread.ts'))].sort()) {
        hash
          .update(`${path}\0`)
          .update(readFileSync(join(root, path)))
          .update('\0');
      }
    }
    digests[name] = hash.digest('hex');
  }
  return digests;
}

export function recordedSources() {
  return existsSync(RECORD) ? JSON.parse(readFileSync(RECORD, 'utf8')) : {};
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const vouched = process.argv.includes('--same-results')
    ? process.argv.slice(process.argv.indexOf('--same-results') + 1)
    : [];
  const [recorded, current] = [recordedSources(), await stepSources()];
  const changed = Object.keys(current).filter(
    (name) => name in recorded && recorded[name] !== current[name],
  );
  const refused = changed.filter((name) => !vouched.includes(name) && !vouched.includes('all'));
  if (refused.length > 0) {
    console.error(
      `${refused.join(', ')}: sources changed; raise the version in policies/steps.ts, or vouch with --same-results`,
    );
    process.exit(1);
  }
  writeFileSync(RECORD, `${JSON.stringify(current, null, 2)}\n`);
}
