import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { CliError } from './errors.js';

/** Where output goes; a file stands under its name only once `commit` has come back. */
export interface Sink {
  write(content: string | Uint8Array): Promise<void>;
  commit(): Promise<void>;
  /** Leaves no file behind. */
  discard(): Promise<void>;
}

async function writeTo(stream: Writable, content: string | Uint8Array): Promise<void> {
  if (!stream.write(content)) await once(stream, 'drain');
}

export const standardOutput: Sink = {
  write: (content) => writeTo(process.stdout, content),
  commit: () => Promise.resolve(),
  discard: () => Promise.resolve(),
};

/** @throws CliError USAGE when the file cannot be written */
export async function openFileSink(path: string): Promise<Sink> {
  const part = `${path}.${randomBytes(4).toString('hex')}.part`;
  const stream = createWriteStream(part, { flags: 'wx', mode: 0o600 });
  try {
    await once(stream, 'open');
  } catch (cause) {
    throw new CliError('USAGE', `${path} cannot be written; check the path and its permissions`, {
      cause,
    });
  }
  const end = async (): Promise<void> => {
    stream.end();
    await once(stream, 'close');
  };
  return {
    write: (content) => writeTo(stream, content),
    commit: async () => {
      await end();
      await rename(part, path);
    },
    discard: async () => {
      stream.destroy();
      await rm(part, { force: true });
    },
  };
}
