import { access } from 'node:fs/promises';
import { connect } from 'node:net';
import { ownsPort } from './listening-sockets.js';
import type { Readiness } from './managed-process.js';
import { LOOPBACK } from './ports.js';

const PROBE_LIMIT_MS = 2_000;

/**
 * Asks once whether a process can be used. Where the system tells, a port counts only if `pid` itself listens on it:
 * another program may have taken it in the meantime.
 */
export async function isReady(
  readiness: Readiness,
  pid: number,
  aliveMs: number,
): Promise<boolean> {
  switch (readiness.kind) {
    case 'alive':
      return aliveMs >= readiness.afterMs;
    case 'file':
      return access(readiness.path).then(
        () => true,
        () => false,
      );
    case 'tcp':
      return (await acceptsConnections(readiness.port)) && (await isOwner(pid, readiness.port));
    case 'http':
      return (await answersOk(readiness.url)) && (await isOwner(pid, readiness.port));
  }
}

/** Whether something accepts TCP connections on this loopback port. */
function acceptsConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: LOOPBACK, port });
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(PROBE_LIMIT_MS, () => {
      finish(false);
    });
    socket.once('connect', () => {
      finish(true);
    });
    socket.once('error', () => {
      finish(false);
    });
  });
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_LIMIT_MS) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

async function isOwner(pid: number, port: number): Promise<boolean> {
  return (await ownsPort(pid, port)) ?? true;
}
