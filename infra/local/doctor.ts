import { dirname } from 'node:path';
import { isStale } from './stale-state.js';
import { layoutOf, type DataDirLayout, type Environment } from './data-dir.js';
import { connectLocal } from './connect.js';
import {
  checkBinary,
  checkClock,
  checkConfig,
  checkDataDir,
  checkDisk,
  checkGo,
  checkImport,
  checkNode,
  checkPorts,
  type DoctorCheck,
} from './doctor-checks.js';
import { entryPath } from './entry-path.js';
import { type LocalStatus, localStatus } from './status.js';
import { isTemporalReachable } from './temporal-server.js';

export interface DoctorOptions {
  readonly dataDir: string;
  readonly cacheDir?: string | undefined;
  readonly env?: Environment;
  /** False leaves out the embedded servers, where others are configured; default true. */
  readonly embedded?: boolean;
}

const PACKAGES: readonly (readonly [name: string, required: boolean])[] = [
  ['onnxruntime-node', true],
  // Training works without it, at half the speed.
  ['koffi', false],
  ['@tensorflow/tfjs', true],
  ['@tensorflow/tfjs-backend-wasm', true],
];

/** Looks at everything that the embedded servers and the worker need, and changes nothing. */
export async function doctor(options: DoctorOptions): Promise<readonly DoctorCheck[]> {
  const layout = layoutOf(options.dataDir);
  const { check: configuration, config } = await checkConfig(layout);
  const status = configuration.ok ? await localStatus(layout.root) : undefined;
  const packageDir = dirname(entryPath('index'));
  const find = {
    cacheDir: options.cacheDir,
    ...(options.env === undefined ? {} : { env: options.env }),
  };
  const [go, temporal, minio, dataDir, ports, disk, stale, temporalServer] = await Promise.all([
    checkGo(),
    checkBinary('temporal', { ...find, configuredPath: config?.binaries.temporal }),
    checkBinary('minio', { ...find, configuredPath: config?.binaries.minio }),
    checkDataDir(layout),
    checkPorts(config, status),
    checkDisk(layout),
    checkStale(layout),
    checkTemporal(layout, status),
  ]);
  // One after another: together they would take several GiB for a moment.
  const imports: DoctorCheck[] = [];
  for (const [name, required] of PACKAGES)
    imports.push(await checkImport(name, required, packageDir));
  const servers = [go, temporal, minio, stale, ports, temporalServer, checkStore(status)];
  return [
    checkNode(process.versions.node),
    dataDir,
    configuration,
    disk,
    checkClock(Date.now()),
    ...(options.embedded === false ? [] : servers),
    ...imports,
  ];
}

async function checkStale(layout: DataDirLayout): Promise<DoctorCheck> {
  const stale = await isStale(layout);
  return {
    name: 'stale state',
    ok: !stale,
    required: false,
    detail: stale ? 'left over from a run that was killed' : 'none',
    hint: 'Nothing to do: the next "custos up" cleans it; "custos down" does so now.',
  };
}

async function checkTemporal(
  layout: DataDirLayout,
  status: LocalStatus | undefined,
): Promise<DoctorCheck> {
  const check = { name: 'temporal', required: false, hint: 'Run "custos up".' };
  if (status?.running !== true) return { ...check, ok: false, detail: 'not running' };
  const { temporal } = await connectLocal(layout.root);
  const ok = await isTemporalReachable(temporal);
  return { ...check, ok, detail: `${temporal.address} ${ok ? 'answers' : 'does not answer'}` };
}

function checkStore(status: LocalStatus | undefined): DoctorCheck {
  const check = { name: 'store', required: false, hint: 'Run "custos up".' };
  if (status?.store === 'files') return { ...check, ok: true, detail: 'files, not write-once' };
  const minio = status?.components.find(({ name }) => name === 'minio');
  const ok = minio?.running === true && minio.health === 'ready';
  return { ...check, ok, detail: ok ? `MinIO on port ${String(minio.port)}` : 'not running' };
}
