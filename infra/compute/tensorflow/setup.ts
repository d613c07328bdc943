import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { resolveCacheDir } from '../../cache/index.js';
import { ComputeError } from '../errors.js';
import { findNative, RECORD, setupFolder, type NativeName } from './place.js';
import { runTool } from './run-tool.js';
import {
  CPU,
  GPU,
  HEADERS,
  TENSORFLOW_VERSION,
  TFJS_NODE_VERSION,
  WHEEL_TAGS,
  type PinnedNative,
  type PinnedWheel,
} from './versions.js';

export interface SetupOptions {
  /** With CUDA, 2 GB more to fetch; false when not given. */
  readonly gpu?: boolean;
  readonly cacheDir?: string;
  readonly onProgress?: (message: string) => void;
}

export interface NativeSetup {
  readonly name: NativeName;
  readonly path: string;
  readonly tensorflow: string;
}

/** Platforms whose wheels are pinned. */
const PLATFORMS: readonly string[] = ['linux-x64'];
const PINNED: Readonly<Record<NativeName, PinnedNative>> = {
  'tfjs-node': CPU,
  'tfjs-node-gpu': GPU,
};

/** Only the pinned bytes are used, whatever the registry's index says today. */
async function requireIntegrity(folder: string, name: string, expected: string): Promise<void> {
  const lock = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly integrity?: string }>>;
  };
  const found = lock.packages[`node_modules/${name}`]?.integrity;
  if (found === expected) return;
  throw new ComputeError(
    'SETUP_FAILED',
    `The registry gave another ${name} than the pinned one (${found ?? 'none'}); nothing of it was run.`,
  );
}

async function installPackages(folder: string, { packageName, integrity }: PinnedNative) {
  const dependencies = { [packageName]: TFJS_NODE_VERSION, [HEADERS.name]: HEADERS.version };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
  await runTool('npm', args, folder, `install ${packageName} ${TFJS_NODE_VERSION}`);
  await requireIntegrity(folder, packageName, integrity);
  await requireIntegrity(folder, HEADERS.name, HEADERS.integrity);
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** @returns the wheel's path; pip refuses any other digest than the pinned one, and so does this */
async function fetchWheel(folder: string, { requirement, sha256 }: PinnedWheel): Promise<string> {
  const wheels = await mkdtemp(join(folder, 'wheel-'));
  const list = join(wheels, 'requirements.txt');
  await writeFile(list, `${requirement} --hash=sha256:${sha256}\n`);
  const pip = ['-m', 'pip', 'download', '--quiet', '--require-hashes', '--no-deps', '-r', list];
  const args = [...pip, '--only-binary=:all:', ...WHEEL_TAGS, '-d', wheels];
  await runTool('python3', args, folder, `download ${requirement}`);
  const name = (await readdir(wheels)).find((file) => file.endsWith('.whl')) ?? '';
  const found = await sha256Of(join(wheels, name));
  if (found === sha256) return join(wheels, name);
  throw new ComputeError(
    'SETUP_FAILED',
    `The wheel ${name} has SHA-256 ${found}, not the pinned ${sha256}; nothing of it was run.`,
  );
}

const EXTRACT = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    wanted = tuple(sys.argv[3:])
    wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if name.startswith(wanted)])
`;

const INCLUDED = ['tensorflow', 'tsl', 'xla', 'third_party', 'absl', 'google', 'eigen3'];

/** Fetches a wheel and unpacks what begins with one of `parts` into the folder. */
async function unpack(folder: string, wheel: PinnedWheel, parts: readonly string[]): Promise<void> {
  const file = await fetchWheel(folder, wheel);
  const args = ['-c', EXTRACT, file, folder, ...parts];
  await runTool('python3', args, folder, `unpack ${wheel.requirement}`);
  await rm(dirname(file), { recursive: true });
}

async function installLibrary(folder: string, { packageName, library, companions }: PinnedNative) {
  const headers = INCLUDED.map((name) => `tensorflow/include/${name}/`);
  const folders = ['tensorflow_cpu.libs/', 'tensorflow.libs/'];
  await unpack(folder, library, ['tensorflow/libtensorflow', ...folders, ...headers]);
  for (const companion of companions) await unpack(folder, companion, ['nvidia/']);
  const lib = join(folder, 'node_modules', packageName, 'deps', 'lib');
  await mkdir(lib, { recursive: true });
  for (const [name, target] of [
    ['libtensorflow.so', 'libtensorflow_cc.so.2'],
    ['libtensorflow_framework.so', 'libtensorflow_framework.so.2'],
    ['libtensorflow_cc.so.2', 'libtensorflow_cc.so.2'],
    ['libtensorflow_framework.so.2', 'libtensorflow_framework.so.2'],
  ] as const)
    await symlink(`../../../../../tensorflow/${target}`, join(lib, name));
}

/** Compiles the package's two sources: what its own build does, without gyp and its downloads. */
async function buildBinding(folder: string, { packageName }: PinnedNative): Promise<void> {
  const own = join(folder, 'node_modules', packageName);
  const to = join(own, 'lib', 'napi-v8');
  await mkdir(to, { recursive: true });
  const include = [
    join(folder, 'node_modules', HEADERS.name, 'include'),
    own,
    join(folder, 'tensorflow/include'),
  ];
  const args = [
    ...['-shared', '-fPIC', '-O2', '-std=c++17', '-DNAPI_VERSION=8', '-w'],
    ...['-DNODE_GYP_MODULE_NAME=tfjs_binding', '-DBUILDING_NODE_EXTENSION'],
    ...include.map((path) => `-I${path}`),
    join(own, 'binding/tfjs_backend.cc'),
    join(own, 'binding/tfjs_binding.cc'),
    ...[`-L${join(own, 'deps/lib')}`, '-ltensorflow', '-ltensorflow_framework'],
    ...['-Wl,-rpath,$ORIGIN/../../deps/lib', '-o', join(to, 'tfjs_binding.node')],
  ];
  await runTool('g++', args, folder, 'compile the binding (g++ 8 or later is needed)');
}

/** In a process of its own: a native library may crash. */
async function tryOut(folder: string, { packageName }: PinnedNative): Promise<void> {
  const code = `
    const tf = require(process.argv[1]);
    const x = tf.matMul(tf.ones([3, 5]), tf.ones([5, 2])).dataSync();
    if (tf.getBackend() !== 'tensorflow' || x.some((y) => y !== 5)) process.exit(1);`;
  await runTool(
    process.execPath,
    ['-e', code, packageName],
    folder,
    'multiply matrices with what was built',
  );
}

function requirePinnedPlatform(): void {
  const platform = `${process.platform}-${process.arch}`;
  if (PLATFORMS.includes(platform)) return;
  throw new ComputeError(
    'SETUP_FAILED',
    `No native TensorFlow is pinned for ${platform} (known: ${PLATFORMS.join(', ')}); the backend "wasm+onnxruntime" needs no setup.`,
  );
}

/**
 * Makes @tensorflow/tfjs-node (with `gpu` @tensorflow/tfjs-node-gpu) work in the cache: the npm package as it is, the C library and headers
 * of the pinned TensorFlow wheel, and the binding compiled against them. Needs npm, Python 3 with
 * pip, and g++. A finished setup is kept as it is.
 * @throws ComputeError SETUP_FAILED
 */
export async function setupTensorflow(options: SetupOptions = {}): Promise<NativeSetup> {
  const {
    gpu = false,
    cacheDir = resolveCacheDir(),
    onProgress: report = () => undefined,
  } = options;
  const name = gpu ? 'tfjs-node-gpu' : 'tfjs-node';
  const place = setupFolder(name, cacheDir);
  const found = findNative(name, cacheDir);
  if (found !== undefined) return { name, path: found, tensorflow: TENSORFLOW_VERSION };
  requirePinnedPlatform();
  const pinned = PINNED[name];
  await mkdir(cacheDir, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(cacheDir, `.setup-${name}-`));
  try {
    report(`installing ${pinned.packageName} ${TFJS_NODE_VERSION}`);
    await installPackages(folder, pinned);
    report(`fetching the C library of ${pinned.library.requirement}`);
    await installLibrary(folder, pinned);
    report('compiling the binding');
    await buildBinding(folder, pinned);
    await tryOut(folder, pinned);
    const record = { tensorflow: TENSORFLOW_VERSION, sha256: pinned.library.sha256 };
    await writeFile(join(folder, RECORD), `${JSON.stringify(record)}\n`);
    await rm(place, { recursive: true, force: true });
    await rename(folder, place);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { name, path: findNative(name, cacheDir) ?? place, tensorflow: TENSORFLOW_VERSION };
}
