import { readFile, readdir, readlink } from 'node:fs/promises';

export interface ListeningSocket {
  /** Dotted IPv4, `::1`, or the 32 hexadecimal digits of another IPv6 address as the kernel prints them. */
  readonly address: string;
  readonly port: number;
}

const TCP_LISTEN = '0A';

/**
 * TCP sockets on which a process listens, from proc(5); undefined where there is no /proc.
 * Own processes only: those of other users show no descriptors.
 */
export async function listeningSockets(
  pid: number,
): Promise<readonly ListeningSocket[] | undefined> {
  const inodes = await socketInodes(pid);
  if (inodes === undefined) return undefined;
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) =>
      readFile(`/proc/${String(pid)}/net/${name}`, 'utf8').catch(() => ''),
    ),
  );
  return tables
    .flatMap((table) => table.trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === TCP_LISTEN && inodes.has(fields[9] ?? ''))
    .map((fields) => parseSocketAddress(fields[1] ?? ''));
}

/** Whether `pid` itself listens on `port`; undefined where the system does not tell. */
export async function ownsPort(pid: number, port: number): Promise<boolean | undefined> {
  const sockets = await listeningSockets(pid);
  return sockets?.some((socket) => socket.port === port);
}

async function socketInodes(pid: number): Promise<ReadonlySet<string> | undefined> {
  const folder = `/proc/${String(pid)}/fd`;
  try {
    const names = await readdir(folder);
    const targets = await Promise.all(
      names.map((name) => readlink(`${folder}/${name}`).catch(() => '')),
    );
    return new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
  } catch {
    return undefined;
  }
}

const IPV6_LOOPBACK = '00000000000000000000000001000000';

// "0100007F:1F90": words of the address in host byte order, little-endian wherever Node runs with a /proc.
function parseSocketAddress(text: string): ListeningSocket {
  const [host = '', port = '0'] = text.split(':');
  return { address: parseHost(host), port: Number.parseInt(port, 16) };
}

function parseHost(host: string): string {
  if (host === IPV6_LOOPBACK) return '::1';
  return host.length === 8 ? [...Buffer.from(host, 'hex')].reverse().join('.') : host;
}
