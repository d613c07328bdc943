import { existsSync } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { entryPath } from './entry-path.js';
import { LocalError } from './errors.js';
import type { Report } from './progress.js';
import { runCommand } from './run-command.js';

const STALL_LIMIT_MS = 15_000;
const TOTAL_LIMIT_MS = 300_000;
const POLL_MS = 1_000;

/**
 * Fetches the Temporal CLI through the SDK's own cached download (temporal.download) and returns the file's path in
 * `downloadDir`. It runs in a process of its own and is ended when it stalls: without a network it may hang for long.
 * @throws LocalError `DOWNLOAD_FAILED` or `CANCELLED`.
 */
export async function downloadThroughSdk(
  version: string,
  downloadDir: string,
  report: Report,
  signal?: AbortSignal,
): Promise<string> {
  const entry = entryPath('sdk-download-entry');
  if (!existsSync(entry)) throw failed(`${entry} is missing; run "npm run build"`);
  await mkdir(downloadDir, { recursive: true, mode: 0o700 });
  report(`trying the official download of v${version}`);
  const stall = new AbortController();
  const watch = watchGrowth(downloadDir, stall);
  const signals = signal === undefined ? [stall.signal] : [stall.signal, signal];
  try {
    const { status } = await runCommand(process.execPath, [entry, downloadDir, `v${version}`], {
      signal: AbortSignal.any(signals),
      timeoutMs: TOTAL_LIMIT_MS,
    });
    const [file] = await readdir(downloadDir);
    if (status !== 0 || file === undefined) throw failed('temporal.download cannot be reached');
    return join(downloadDir, file);
  } catch (error) {
    if (stall.signal.aborted) throw failed(`no data for ${String(STALL_LIMIT_MS / 1000)} s`);
    throw error;
  } finally {
    clearInterval(watch);
  }
}

function watchGrowth(directory: string, stall: AbortController): NodeJS.Timeout {
  let lastSize = -1;
  let lastGrowth = Date.now();
  return setInterval(() => {
    void directorySize(directory).then((size) => {
      if (size !== lastSize) lastGrowth = Date.now();
      lastSize = size;
      if (Date.now() - lastGrowth > STALL_LIMIT_MS) stall.abort();
    });
  }, POLL_MS);
}

async function directorySize(directory: string): Promise<number> {
  const names = await readdir(directory).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(directory, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function failed(reason: string): LocalError {
  return new LocalError(
    'DOWNLOAD_FAILED',
    `The official Temporal download did not work: ${reason}.`,
  );
}
