import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const PROBE = fileURLToPath(new URL('../support/full-disk-probe.mjs', import.meta.url));
const UNSHARE = ['--user', '--map-root-user', '--mount'];

/** A small disk needs a mount of its own, which not every container lets its processes have. */
const mayMount = await run('unshare', [...UNSHARE, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).then(
  () => true,
  () => false,
);

describe.skipIf(!mayMount)('a disk that is full', () => {
  it('is said, leaves nothing half-written, and is no longer in the way once there is space', async () => {
    // Seen by the probe and its children alone; gone with them.
    const mount = 'mount -t tmpfs -o size=6m tmpfs /mnt && exec "$0" "$1" /mnt';
    const { stdout } = await run('unshare', [
      ...UNSHARE,
      ...['sh', '-c', mount, process.execPath, PROBE],
    ]);
    const seen = JSON.parse(stdout) as Record<string, unknown>;
    expect(seen).toEqual({
      put: 'STORE_FULL',
      words: expect.stringContaining('The disk is full; free some space') as string,
      ledger: expect.stringMatching(/^(STORE_FULL|LEDGER_UNAVAILABLE)$/) as string,
      leftAfterFailure: [],
      opensBefore: true,
      putAgain: true,
      ledgerAgain: 1,
    });
  });
});
