// `npm run bench redaction-scale [MiB] [FOLDER] [THREADS,...]`: streams generated text and JSON lines of
// so many MiB (2048) through `custos redact` with the profile `patterns`, and stores the peak memory
// and the speed for each number of threads. The files are made in the folder and removed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeVersion } from '../infra/runtime/index.js';
import { asJsonLines, proseBlock } from './redaction-text.js';

const MIB = 1 << 20;
const MAIN = fileURLToPath(new URL('../cli/main.js', import.meta.url));
const RESULT = fileURLToPath(new URL('../../bench/results/redaction-scale.json', import.meta.url));
const POLICY =
  'schema: custos.policy.v1\nname: bench\nextends: default\nredact: {profile: patterns}\n';

async function makeFile(path: string, format: 'text' | 'jsonl', mebibytes: number): Promise<void> {
  const file = createWriteStream(path);
  for (let made = 0, seed = 1; made < mebibytes * MIB; seed += 1) {
    const block = proseBlock(4 * MIB, seed);
    const bytes = Buffer.from(format === 'text' ? block : asJsonLines(block));
    made += bytes.length;
    if (!file.write(bytes)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}

interface Usage {
  readonly peakRssMiB: number;
  readonly cpuSeconds: number;
}

const TICKS_PER_SECOND = 100;

/** Peak memory and processor time of a process so far, as Linux counts them; all of its threads. */
function usageOf(pid: number): Usage {
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
  const fields =
    readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .split(') ')[1]
      ?.split(' ') ?? [];
  return {
    peakRssMiB: Math.round(Number(peak) / 1024),
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
  };
}

async function measure(path: string, args: readonly string[]) {
  const began = performance.now();
  const child = spawn(process.execPath, [MAIN, 'redact', ...args], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  createReadStream(path, { highWaterMark: MIB }).pipe(child.stdin);
  let usage: Usage = { peakRssMiB: 0, cpuSeconds: 0 };
  const timer = setInterval(() => {
    try {
      usage = usageOf(child.pid ?? 0);
    } catch {
      // It has ended.
    }
  }, 100);
  const [status] = (await once(child, 'close')) as [number | null];
  clearInterval(timer);
  if (status !== 0) throw new Error(`custos redact ended with ${String(status)}`);
  const seconds = (performance.now() - began) / 1000;
  const megabytes = (await stat(path)).size / 1e6;
  return {
    megabytes: Math.round(megabytes),
    seconds: Math.round(seconds * 10) / 10,
    ...usage,
    megabytesPerSecond: Math.round((megabytes / seconds) * 100) / 100,
    megabytesPerCpuSecond: Math.round((megabytes / usage.cpuSeconds) * 100) / 100,
  };
}

const [size = '2048', where = tmpdir(), counts = '1,2,4'] = process.argv.slice(2);
const folder = await mkdtemp(join(where, 'custos-scale-'));
try {
  const policy = join(folder, 'policy.yaml');
  await writeFile(policy, POLICY);
  const runs: object[] = [];
  for (const format of ['text', 'jsonl'] as const) {
    const path = join(folder, `input.${format}`);
    await makeFile(path, format, Number(size));
    for (const threads of counts.split(',')) {
      const args = ['--policy', policy, '--format', format, '--threads', threads];
      const figures = { format, threads: Number(threads), ...(await measure(path, args)) };
      console.log(JSON.stringify(figures));
      runs.push(figures);
    }
    await rm(path);
  }
  const machine = `${cpus()[0]?.model ?? 'unknown'}, ${String(cpus().length)} cores, Node ${process.version}`;
  const result = { machine, version: codeVersion(), profile: 'patterns', runs };
  await writeFile(RESULT, `${JSON.stringify(result, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
