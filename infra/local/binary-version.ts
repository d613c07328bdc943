import { LocalError } from './errors.js';
import { runCommand } from './run-command.js';
import { isUsableVersion, type PinnedServer } from './versions.js';

/**
 * The version that a server program prints.
 * @throws LocalError `BINARY_UNUSABLE` when it is another program or too old, `BINARY_MISSING` when it cannot start.
 */
export async function usableVersion(server: PinnedServer, path: string): Promise<string> {
  const { status, stdout } = await runCommand(path, ['--version'], { timeoutMs: 20_000 });
  const version = server.versionPattern.exec(stdout)?.[1];
  if (status === 0 && version !== undefined && isUsableVersion(server, version)) return version;
  const what =
    version === undefined ? `is not a ${server.name} program` : `is ${server.name} ${version}`;
  throw new LocalError(
    'BINARY_UNUSABLE',
    `${path} ${what}; version ${server.oldestUsable} or later is needed.`,
  );
}

export function missingServer(server: PinnedServer, reason: string): LocalError {
  return new LocalError(
    'BINARY_MISSING',
    `No ${server.name} server: ${reason}. Install Go 1.25 or later and run "custos setup ${server.name}", ` +
      `or set ${server.environmentVariable} to a ${server.name} program.`,
  );
}
