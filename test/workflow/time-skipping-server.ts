import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { resolveCacheDir } from '../../infra/cache/index.js';

const run = promisify(execFile);
const LIMIT_MS = 240_000;
// The one that Maven takes as well.
const JAVA =
  process.env['JAVA_HOME'] === undefined ? 'java' : join(process.env['JAVA_HOME'], 'bin', 'java');
const VERSION = '1.38.0';

const here = (name: string) => fileURLToPath(new URL(`./time-skipping/${name}`, import.meta.url));

function answers(command: string): Promise<boolean> {
  return run(command, ['-version'], { timeout: LIMIT_MS }).then(
    () => true,
    () => false,
  );
}

/** The server's jars from Maven Central, checksums enforced (-C), once per cache. */
async function fetchJars(): Promise<string> {
  const jars = join(resolveCacheDir(), `temporal-test-server-${VERSION}`);
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

/** The jars of the time-skipping server, or why there are none here. */
export async function findTimeSkippingServer(): Promise<
  { readonly jars: string } | { readonly missing: string }
> {
  if (!(await answers('javac'))) return { missing: 'there is no JDK (javac)' };
  if (!(await answers('mvn'))) return { missing: 'there is no Maven (mvn)' };
  try {
    return { jars: await fetchJars() };
  } catch {
    return { missing: `Maven could not fetch temporal-test-server ${VERSION}` };
  }
}

async function portOf(java: ChildProcess): Promise<number> {
  if (java.stdout === null) throw new Error('the server has no output');
  const lines = createInterface({ input: java.stdout });
  const ended = once(java, 'exit').then(([code]) => {
    throw new Error(`the time-skipping server ended with ${String(code)} before it was ready`);
  });
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  return Number(line);
}

/**
 * What the public constructors are made of: `createTimeSkipping` gives the server five seconds to
 * start, too few on a busy machine, and knows no way to one that runs.
 */
interface AnyServer {
  create(options: {
    readonly server: { readonly type: 'existing' };
    readonly supportsTimeSkipping: boolean;
    readonly address: string;
  }): Promise<TestWorkflowEnvironment>;
}

/** A running server on 127.0.0.1 and its clients. */
export async function startTimeSkipping(jars: string): Promise<{
  readonly environment: TestWorkflowEnvironment;
  stop(): Promise<void>;
}> {
  const args = ['-cp', `${jars}/*`, here('loopback-test-server.java')];
  const java = spawn(JAVA, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const address = `127.0.0.1:${String(await portOf(java))}`;
  const environment = await (TestWorkflowEnvironment as unknown as AnyServer).create({
    server: { type: 'existing' },
    supportsTimeSkipping: true,
    address,
  });
  return {
    environment,
    stop: async () => {
      await environment.teardown();
      const gone = once(java, 'exit');
      java.kill();
      await gone;
    },
  };
}
