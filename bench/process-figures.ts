import { readFileSync } from 'node:fs';

/** CPU seconds of an installation's processes. */
export type CpuSeconds = Readonly<Record<'workers' | 'temporal' | 'store', number>>;

/** Processes of an installation by what they are. */
export type Pids = Readonly<Record<keyof CpuSeconds, readonly number[]>>;

const SAMPLE_MS = 250;

/** A figure of /proc/PID/status in MiB; 0 where there is no such file or process. */
export function memoryOf(pid: number, line: 'VmRSS' | 'VmHWM'): number {
  try {
    const text = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
    return Number(new RegExp(`${line}:\\s+(\\d+) kB`).exec(text)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

const TICKS_PER_SECOND = 100;

/** CPU seconds that a process has taken, of all its threads; 0 where there is no such process. */
function cpuSecondsOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

const sumOf = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);

const cpuNow = ({ workers, temporal, store }: Pids): CpuSeconds => ({
  workers: sumOf(workers),
  temporal: sumOf(temporal),
  store: sumOf(store),
});

const since = (now: CpuSeconds, before: CpuSeconds): CpuSeconds => ({
  workers: now.workers - before.workers,
  temporal: now.temporal - before.temporal,
  store: now.store - before.store,
});

interface Sample {
  readonly atMs: number;
  readonly cpu: CpuSeconds;
  /** Resident memory of the largest worker. */
  readonly rssMb: number;
}

export interface Sampler {
  end(): void;
  /** What was taken between two times, milliseconds since the epoch. */
  between(
    fromMs: number,
    toMs: number,
  ): { readonly cpuSeconds: CpuSeconds; readonly peakRssMb: number };
}

/** Takes CPU and memory of all processes at intervals; what a stage took is told by its times. */
export function startSampler(pids: Pids): Sampler {
  const samples: Sample[] = [];
  const take = (): void => {
    const rssMb = Math.max(0, ...pids.workers.map((pid) => memoryOf(pid, 'VmRSS')));
    samples.push({ atMs: Date.now(), cpu: cpuNow(pids), rssMb });
  };
  take();
  const timer = setInterval(take, SAMPLE_MS);
  const at = (ms: number): CpuSeconds =>
    (samples.find(({ atMs }) => atMs >= ms) ?? samples.at(-1))?.cpu ?? cpuNow(pids);
  return {
    end() {
      clearInterval(timer);
      take();
    },
    between(fromMs, toMs) {
      const within = samples.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs + SAMPLE_MS);
      const peakRssMb = within.reduce((most, { rssMb }) => Math.max(most, rssMb), 0);
      return { cpuSeconds: since(at(toMs), at(fromMs)), peakRssMb };
    },
  };
}
