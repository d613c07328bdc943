/** The two servers that this room can obtain and run. */
export type ServerName = 'temporal' | 'minio';

/** A pinned release: how to build it and what it must be. */
export interface PinnedServer {
  readonly name: ServerName;
  /** Names the file in the cache. */
  readonly version: string;
  readonly environmentVariable: string;
  readonly module: string;
  readonly moduleVersion: string;
  /** Go checksum (dirhash h1) of the module's source, golang.org/x/mod/sumdb/dirhash. */
  readonly moduleSum: string;
  readonly package: string;
  readonly linkerFlags: string;
  /** First group: the version that `--version` prints. */
  readonly versionPattern: RegExp;
  /** Oldest version of a foreign binary that has what is used here; compared as text by parts. */
  readonly oldestUsable: string;
  /** Rough time of a first build on an idle two-core machine, for the progress line. */
  readonly buildMinutes: number;
}

const MINIO_COMMIT = '7aac2a2c5b7c';

export const PINNED_SERVERS: Readonly<Record<ServerName, PinnedServer>> = {
  temporal: {
    name: 'temporal',
    version: '1.5.1',
    environmentVariable: 'CUSTOS_TEMPORAL_PATH',
    module: 'github.com/temporalio/cli',
    moduleVersion: 'v1.5.1',
    moduleSum: 'h1:0RZMk14BWxz44Xg6ciDQvpfAMffoG3J7/K03ql80teY=',
    package: 'github.com/temporalio/cli/cmd/temporal',
    linkerFlags: '-s -w -X github.com/temporalio/cli/temporalcli.Version=1.5.1',
    versionPattern: /^temporal version (\S+)/m,
    // --disable-config-file and --disable-config-env, so that a user's own settings stay out.
    oldestUsable: '1.4.0',
    buildMinutes: 3,
  },
  minio: {
    name: 'minio',
    version: '2026-02-12',
    environmentVariable: 'CUSTOS_MINIO_PATH',
    module: 'github.com/minio/minio',
    moduleVersion: `v0.0.0-20260212201848-${MINIO_COMMIT}`,
    moduleSum: 'h1:/qdoYujxF5MBLDMVLeiYJ/7fBa1HikX39Dvzb9Ji8pA=',
    package: 'github.com/minio/minio',
    linkerFlags: [
      '-s -w',
      '-X github.com/minio/minio/cmd.Version=2026-02-12T20:18:48Z',
      '-X github.com/minio/minio/cmd.ReleaseTag=DEVELOPMENT.2026-02-12T20-18-48Z',
      `-X github.com/minio/minio/cmd.CommitID=${MINIO_COMMIT}`,
    ].join(' '),
    // It prints the name of its own file; the copyright line tells it from other programs.
    versionPattern: /^\S+ version (\S+)(?=[^]*\bMinIO\b)/m,
    // Conditional PUT (If-None-Match: *) is needed for write-once objects.
    oldestUsable: '2024-09-09',
    buildMinutes: 2,
  },
};

/** Whether a printed version is one that can be used. A development build without a date is let through. */
export function isUsableVersion(server: PinnedServer, printed: string): boolean {
  const numbers = (text: string): number[] => (text.match(/\d+/g) ?? []).slice(0, 3).map(Number);
  const [have, need] = [numbers(printed), numbers(server.oldestUsable)];
  if (have.length === 0) return true;
  for (const [position, least] of need.entries()) {
    const value = have[position] ?? 0;
    if (value !== least) return value > least;
  }
  return true;
}
