import { statfs, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readConfig, type LocalConfig } from './config.js';
import type { DataDirLayout, Environment } from './data-dir.js';
import { LocalError } from './errors.js';
import { findBinary } from './find-binary.js';
import { findGo } from './go-build.js';
import { isPortFree } from './ports.js';
import { runCommand } from './run-command.js';
import type { LocalStatus } from './status.js';
import type { ServerName } from './versions.js';

/** One finding. `hint` says what to do when it is not `ok`. */
export interface DoctorCheck {
  readonly name: string;
  readonly ok: boolean;
  /** False when everything works without it. */
  readonly required: boolean;
  readonly detail: string;
  readonly hint?: string;
}

const OLDEST_NODE = [20, 19] as const;
const NEEDED_BYTES = 2 * 1024 ** 3;
const IMPORT_LIMIT_MS = 60_000;
const CLOCK_EARLIEST = Date.parse('2026-01-01T00:00:00Z');

export function checkNode(version: string): DoctorCheck {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  return {
    name: 'node',
    ok: major > oldestMajor || (major === oldestMajor && minor >= oldestMinor),
    required: true,
    detail: version,
    hint: `Install Node ${OLDEST_NODE.join('.')} or later.`,
  };
}

export async function checkGo(): Promise<DoctorCheck> {
  const go = await findGo();
  return {
    name: 'go',
    ok: go !== undefined,
    required: false,
    detail: go ?? 'not on PATH',
    hint: 'Only needed to build servers that are not there yet: install Go 1.25 or later.',
  };
}

export async function checkBinary(
  name: ServerName,
  options: {
    readonly cacheDir?: string | undefined;
    readonly env?: Environment;
    readonly configuredPath?: string | undefined;
  },
): Promise<DoctorCheck> {
  const check = { name: `${name} program`, required: name === 'temporal' };
  try {
    const found = await findBinary(name, { ...options, mayFetch: false });
    return { ...check, ok: true, detail: `${found.version} (${found.source}) ${found.path}` };
  } catch (error) {
    if (!(error instanceof LocalError)) throw error;
    return { ...check, ok: false, detail: error.message, hint: `Run "custos setup ${name}".` };
  }
}

export async function checkDataDir(layout: DataDirLayout): Promise<DoctorCheck> {
  const found = await stat(layout.root).catch(() => undefined);
  const mode = found === undefined ? undefined : found.mode & 0o777;
  return {
    name: 'data directory',
    ok: mode === undefined || mode === 0o700,
    required: true,
    detail:
      mode === undefined
        ? `${layout.root}: not made yet`
        : `${layout.root}: mode 0${mode.toString(8)}`,
    hint: `Others can look into it: chmod 700 ${layout.root}`,
  };
}

/** Reads the configuration; damage is a finding, not an error. */
export async function checkConfig(
  layout: DataDirLayout,
): Promise<{ readonly check: DoctorCheck; readonly config?: LocalConfig }> {
  const check = { name: 'configuration', required: true };
  try {
    const config = await readConfig(layout);
    const detail =
      config === undefined ? 'not made yet' : `store ${config.store ?? 'not chosen yet'}`;
    return { check: { ...check, ok: true, detail }, ...(config === undefined ? {} : { config }) };
  } catch (error) {
    if (!(error instanceof LocalError)) throw error;
    return { check: { ...check, ok: false, detail: error.message, hint: 'See the message.' } };
  }
}

export async function checkPorts(
  config: LocalConfig | undefined,
  status: LocalStatus | undefined,
): Promise<DoctorCheck> {
  const ports = status?.running === true ? [] : Object.values(config?.ports ?? {});
  const free = await Promise.all(ports.map((port) => isPortFree(port)));
  const used = ports.filter((_, index) => free[index] === false);
  return {
    name: 'ports',
    ok: used.length === 0,
    required: false,
    detail: used.length === 0 ? 'free or ours' : `in use by others: ${used.join(', ')}`,
    hint: 'Nothing to do: the next start takes others.',
  };
}

export async function checkDisk(layout: DataDirLayout): Promise<DoctorCheck> {
  const disk = await statfs(layout.root).catch(() =>
    statfs(dirname(layout.root)).catch(() => undefined),
  );
  const freeBytes = disk === undefined ? undefined : disk.bavail * disk.bsize;
  const gibibytes = (bytes: number): string => (bytes / 1024 ** 3).toFixed(1);
  return {
    name: 'disk',
    ok: freeBytes === undefined || freeBytes >= NEEDED_BYTES,
    required: true,
    detail: freeBytes === undefined ? 'unknown' : `${gibibytes(freeBytes)} GiB free`,
    hint: `Free at least ${gibibytes(NEEDED_BYTES)} GiB, or choose another disk with --data-dir.`,
  };
}

export function checkClock(now: number): DoctorCheck {
  return {
    name: 'clock',
    ok: now > CLOCK_EARLIEST,
    required: true,
    detail: new Date(now).toISOString(),
    hint: 'Set the clock: evidence carries its times.',
  };
}

/** Whether a package can be imported, tried in a process of its own: a native one may crash. */
export async function checkImport(
  packageName: string,
  required: boolean,
  cwd: string,
): Promise<DoctorCheck> {
  const code = `await import(${JSON.stringify(packageName)}); process.exit(0)`;
  const args = ['--input-type=module', '-e', code];
  const { status, timedOut } = await runCommand(process.execPath, args, {
    cwd,
    timeoutMs: IMPORT_LIMIT_MS,
  });
  const failure = timedOut ? 'took too long to load' : 'cannot be imported';
  return {
    name: packageName,
    ok: status === 0,
    required,
    detail: status === 0 ? 'importable' : failure,
    hint: `Run "npm ci", without a network "npm ci --onnxruntime-node-install=skip"${required ? '' : '; everything works without it, but more slowly'}.`,
  };
}
