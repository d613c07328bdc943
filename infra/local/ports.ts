import { createServer } from 'node:net';
import { LocalError, systemErrorCode } from './errors.js';

export const LOOPBACK = '127.0.0.1';

export function loopbackUrl(port: number): string {
  return `http://${LOOPBACK}:${String(port)}`;
}

/**
 * A free TCP port on loopback: `preferred` when nothing listens there and it is not in `taken`, else any.
 * @throws LocalError `PORT_UNAVAILABLE` when the machine gives none.
 */
export async function chooseFreePort(
  preferred: number | undefined,
  taken: ReadonlySet<number> = new Set(),
): Promise<number> {
  if (preferred !== undefined && !taken.has(preferred) && (await isPortFree(preferred))) {
    return preferred;
  }
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const port = await listenOnce(0);
    if (port !== undefined && !taken.has(port)) return port;
  }
  throw new LocalError(
    'PORT_UNAVAILABLE',
    `No free TCP port on ${LOOPBACK}. Close some programs, then try again.`,
  );
}

export async function isPortFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined;
}

/** Binds and releases; the port that was bound, or undefined when it is in use or not allowed. */
function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.unref();
    server.once('error', (error) => {
      const code = systemErrorCode(error);
      if (code === 'EADDRINUSE' || code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : undefined);
      });
    });
  });
}
