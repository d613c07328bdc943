import { spawn } from 'node:child_process';
import { LocalError } from './errors.js';
import { unrefStream } from './unref-stream.js';

/** Holds a process group to the life of this process. */
export interface GroupGuard {
  /** Lets the group go: it is no longer killed when this process dies. */
  release(): void;
}

// Reads from a pipe whose other end only this process holds: a line means "let go", end of file means that this
// process is gone, however it died. Then the group gets SIGTERM and, if still there, SIGKILL.
const SCRIPT = `
trap '' HUP INT TERM
if read -r released; then exit 0; fi
kill -s TERM -- "-$1" 2>/dev/null || exit 0
n=0
while [ "$n" -lt "$2" ] && kill -s 0 -- "-$1" 2>/dev/null; do sleep 0.1; n=$((n+1)); done
kill -s KILL -- "-$1" 2>/dev/null
`;

const GRACE_TENTHS_OF_SECOND = 30;

/**
 * Starts a watchdog shell that ends process group `groupId` when this process dies, even by SIGKILL.
 * A watchdog that was killed itself is replaced.
 * @throws LocalError `SUPERVISOR_FAILED` when there is no POSIX shell.
 */
export function guardProcessGroup(groupId: number): GroupGuard {
  const watchdog = spawn(
    '/bin/sh',
    ['-c', SCRIPT, 'custos-guard', String(groupId), String(GRACE_TENTHS_OF_SECOND)],
    { detached: true, stdio: ['pipe', 'ignore', 'ignore'], env: { PATH: '/usr/bin:/bin' } },
  );
  if (watchdog.pid === undefined) {
    watchdog.once('error', () => undefined);
    throw new LocalError(
      'SUPERVISOR_FAILED',
      'Cannot start /bin/sh, which guards the servers. Install a POSIX shell.',
    );
  }
  let released = false;
  let successor: GroupGuard | undefined;
  watchdog.once('exit', () => {
    if (!released) successor = guardProcessGroup(groupId);
  });
  watchdog.stdin.on('error', () => undefined);
  watchdog.unref();
  unrefStream(watchdog.stdin);
  return {
    release() {
      released = true;
      watchdog.stdin.end('released\n');
      successor?.release();
    },
  };
}
