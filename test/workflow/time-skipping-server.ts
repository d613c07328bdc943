import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { resolveCacheDir } from '../../infra/local/index.js';

const run = promisify(execFile);
const LIMIT_MS = 240_000;
const VERSION = '1.38.0';

const here = (name: string) => fileURLToPath(new URL(`./time-skipping/${name}`, import.meta.url));

export type TimeSkippingServer =
  { readonly executable: string; remove(): Promise<void> } | { readonly missing: string };

async function answers(command: string, args: readonly string[]): Promise<boolean> {
  return run(command, [...args], { timeout: LIMIT_MS }).then(
    () => true,
    () => false,
  );
}

/** The server's jars from Maven Central, checksums enforced (-C), once per cache. */
async function fetchJars(): Promise<string> {
  const jars = join(resolveCacheDir({}), `temporal-test-server-${VERSION}`);
  if (existsSync(jars)) return jars;
  await mkdir(dirname(jars), { recursive: true });
  const fresh = await mkdtemp(`${jars}-`);
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${fresh}`];
  try {
    await run('mvn', ['-q', '-B', '-C', '-f', here('pom.xml'), ...goal], { timeout: LIMIT_MS });
    // Another test run may have been faster; its directory holds the same.
    await rename(fresh, jars).catch((error: unknown) => {
      if (!existsSync(jars)) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return jars;
}

/** A program that starts the time-skipping server on 127.0.0.1, or why there is none here. */
export async function findTimeSkippingServer(): Promise<TimeSkippingServer> {
  if (!(await answers('javac', ['-version']))) return { missing: 'there is no JDK (javac)' };
  if (!(await answers('mvn', ['-version']))) return { missing: 'there is no Maven (mvn)' };
  let jars: string;
  try {
    jars = await fetchJars();
  } catch {
    return { missing: `Maven could not fetch temporal-test-server ${VERSION}` };
  }
  const directory = await mkdtemp(join(tmpdir(), 'custos-time-skipping-'));
  const executable = join(directory, 'server');
  const java = `exec java -cp '${jars}/*' '${here('loopback-test-server.java')}' "$@"`;
  await writeFile(executable, `#!/bin/sh\n${java}\n`);
  await chmod(executable, 0o755);
  return { executable, remove: () => rm(directory, { recursive: true, force: true }) };
}
