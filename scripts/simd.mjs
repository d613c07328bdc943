// `npm run simd`: compiles infra/compute/simd/kernels.as (AssemblyScript) to kernels.wasm.ts.
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';
import { root } from './prepare.mjs';

const folder = `${root}/infra/compute/simd`;
const FLAGS = [
  '--enable',
  'simd',
  '--enable',
  'threads',
  '--sharedMemory',
  // As large as TensorFlow.js declares its own, and as wasm allows.
  '--maximumMemory',
  '65536',
  '--runtime',
  'stub',
  '--importMemory',
  '--noExportMemory',
  '-O3',
];

/**
 * The module's bytes. It shares another module's memory, so it must bring no data of its own.
 * @returns {Promise<Uint8Array>}
 */
export async function compileKernels() {
  const source = readFileSync(`${folder}/kernels.as`, 'utf8');
  let binary;
  const { error, stderr } = await asc.main(['kernels.ts', ...FLAGS, '--outFile', 'out.wasm'], {
    readFile: (name) => (name === 'kernels.ts' ? source : null),
    writeFile: (_, content) => (binary = content),
    listFiles: () => [],
  });
  if (error) throw new Error(`kernels.as does not compile:\n${stderr.toString()}`);
  return binary;
}

/** @param {Uint8Array} binary */
export function moduleText(binary) {
  const text = Buffer.from(binary).toString('base64');
  return `/** kernels.as compiled by "npm run simd"; a test compiles it again and compares. */\nexport const KERNELS_WASM =\n  '${text}';\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(`${folder}/kernels.wasm.ts`, moduleText(await compileKernels()));
}
