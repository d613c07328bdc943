import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LocalError } from './errors.js';
import { type Report, throttled } from './progress.js';
import { type CommandResult, runCommand } from './run-command.js';
import type { PinnedServer } from './versions.js';

const PROGRESS_INTERVAL_MS = 5_000;
// Any of these would let Go accept a module whose checksum nobody vouches for.
const UNSAFE_GO_VARIABLES = ['GONOSUMDB', 'GONOSUMCHECK', 'GOINSECURE', 'GOPRIVATE', 'GOFLAGS'];

/**
 * Builds the pinned server with `go install` into `binDir` and returns the file's path.
 * The source's checksum is compared with the pin before the build, and every module in the finished binary with the
 * `go.sum` of that source afterwards, so the result is checked also where the checksum database cannot be reached.
 * @throws LocalError `BUILD_FAILED` or `CANCELLED`.
 */
export async function buildWithGo(
  server: PinnedServer,
  binDir: string,
  report: Report,
  signal?: AbortSignal,
): Promise<string> {
  const env = goEnvironment(binDir);
  const run = async (
    args: readonly string[],
    onErrorLine?: (line: string) => void,
  ): Promise<string> => {
    const options = { env, signal, ...(onErrorLine === undefined ? {} : { onErrorLine }) };
    const result = await runCommand('go', args, options);
    if (result.status === 0) return result.stdout;
    throw new LocalError('BUILD_FAILED', failureMessage(server, args, result));
  };
  report(`fetching ${server.module}@${server.moduleVersion}`);
  const sourceDir = checkSource(server, await run(downloadArguments(server)));
  report(
    `building with go install (about ${String(server.buildMinutes)} minutes on an idle machine, once)`,
  );
  await compile(report, (onErrorLine) => run(installArguments(server), onErrorLine));
  const binary = join(binDir, basename(server.package));
  report('checking the modules in the binary against the pinned source');
  checkModules(
    server,
    await run(['version', '-m', binary]),
    await readFile(join(sourceDir, 'go.sum'), 'utf8'),
  );
  return binary;
}

/** Version of the Go toolchain on PATH, or undefined. */
export async function findGo(): Promise<string | undefined> {
  try {
    const { status, stdout } = await runCommand('go', ['version'], { timeoutMs: 10_000 });
    return status === 0 ? /go version (\S+)/.exec(stdout)?.[1] : undefined;
  } catch {
    return undefined;
  }
}

/** Throws unless every module that `go version -m` lists stands with the same checksum in `goSum`. */
export function checkModules(server: PinnedServer, buildInfo: string, goSum: string): void {
  const known = new Set(goSum.split('\n').map((line) => line.trim().split(/\s+/).join(' ')));
  const rows = buildInfo.split('\n').map((line) => line.trim().split('\t'));
  // A replaced module is printed without a sum; its replacement follows in the next row and is what was compiled.
  const modules = rows.filter(
    ([kind], index) => kind === '=>' || (kind === 'dep' && rows[index + 1]?.[0] !== '=>'),
  );
  const main = rows.find(([kind]) => kind === 'mod');
  const isMainPinned =
    main?.[1] === server.module && main[2] === server.moduleVersion && main[3] === server.moduleSum;
  const unknown = modules.filter(
    ([, path, version, sum]) =>
      sum === undefined || !known.has(`${path ?? ''} ${version ?? ''} ${sum}`),
  );
  if (isMainPinned && modules.length > 0 && unknown.length === 0) return;
  throw new LocalError(
    'BUILD_FAILED',
    `The ${server.name} that was built holds modules that its pinned source does not vouch for ` +
      `(${unknown.map(([, path]) => path ?? '?').join(', ') || server.module}). It was discarded. ` +
      'Check GOPROXY and GOFLAGS in "go env", run "go clean -modcache", then try again.',
  );
}

function checkSource(server: PinnedServer, downloadReport: string): string {
  const { Sum, Dir } = JSON.parse(downloadReport) as {
    readonly Sum?: unknown;
    readonly Dir?: unknown;
  };
  if (Sum === server.moduleSum && typeof Dir === 'string') return Dir;
  throw new LocalError(
    'BUILD_FAILED',
    `The source of ${server.module}@${server.moduleVersion} has checksum ${String(Sum)}, not the pinned ${server.moduleSum}. ` +
      'Check GOPROXY in "go env", run "go clean -modcache", then try again.',
  );
}

function goEnvironment(binDir: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !UNSAFE_GO_VARIABLES.includes(name));
  return { ...Object.fromEntries(kept), GOBIN: binDir, GOFLAGS: '-p=2 -buildvcs=false' };
}

function downloadArguments(server: PinnedServer): readonly string[] {
  return ['mod', 'download', '-json', `${server.module}@${server.moduleVersion}`];
}

function installArguments(server: PinnedServer): readonly string[] {
  const target = `${server.package}@${server.moduleVersion}`;
  return ['install', '-v', '-ldflags', server.linkerFlags, target];
}

// `go install -v` prints each package as it is compiled, then links for a while in silence.
async function compile(
  report: Report,
  work: (onErrorLine: (line: string) => void) => Promise<unknown>,
): Promise<void> {
  const seldom = throttled(report, PROGRESS_INTERVAL_MS);
  let compiled = 0;
  const tell = (): void => {
    seldom(
      compiled === 0 ? 'still building' : `still building (${String(compiled)} packages compiled)`,
    );
  };
  const timer = setInterval(tell, PROGRESS_INTERVAL_MS);
  try {
    await work((line) => {
      if (line.startsWith('go: ')) {
        seldom('fetching modules');
        return;
      }
      compiled += 1;
      tell();
    });
  } finally {
    clearInterval(timer);
  }
}

/** What Go said last. With -v it also prints every package that it compiles, a word a line: none of these tells why. */
export function failureMessage(
  server: PinnedServer,
  args: readonly string[],
  { status, stderrTail }: Pick<CommandResult, 'status' | 'stderrTail'>,
): string {
  const said = stderrTail.split('\n').filter((line) => /\s/.test(line.trim()));
  const end = status === null ? 'a signal ended it' : `exit status ${String(status)}`;
  return (
    `go ${args[0] ?? ''} failed for ${server.name} ${server.version} (${end}): ${said.at(-1)?.trim() ?? 'it said no more'}. ` +
    `Check that Go can reach its module proxy, or set ${server.environmentVariable} to a binary that you have.`
  );
}
