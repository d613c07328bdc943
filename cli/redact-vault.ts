import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createVaultSealer, openVaultFrames, VaultFileError } from '../infra/redaction/index.js';
import { openFileSink } from './redact-output.js';
import { edited, type Edit } from './text-edits.js';

/** A piece of output, and what makes the input of it again. */
export interface VaultItem {
  readonly written: string;
  readonly edits: readonly Edit[];
}

/** One frame of a vault: a stretch of the output. */
interface Stretch {
  /** Its UTF-16 units. */
  readonly length: number;
  /** SHA-256 of its UTF-8, hexadecimal. */
  readonly digest: string;
  readonly edits: readonly Edit[];
}

const STRETCH_CHARS = 1 << 16;

const digestOf = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

export interface VaultWriter {
  add(item: VaultItem): Promise<void>;
  /** The vault stands under its name only then. */
  commit(): Promise<void>;
  discard(): Promise<void>;
}

/** @throws CliError USAGE when the file cannot be written */
export async function openVaultWriter(path: string, key: Uint8Array): Promise<VaultWriter> {
  const sink = await openFileSink(path);
  const sealer = createVaultSealer(key);
  await sink.write(sealer.header);
  let parts: string[] = [];
  let length = 0;
  let edits: Edit[] = [];
  const flush = async (isLast: boolean): Promise<void> => {
    const stretch: Stretch = { length, digest: digestOf(parts.join('')), edits };
    await sink.write(sealer.seal(Buffer.from(JSON.stringify(stretch), 'utf8'), isLast));
    parts = [];
    length = 0;
    edits = [];
  };
  return {
    async add({ written, edits: own }) {
      for (const [start, end, text] of own) edits.push([start + length, end + length, text]);
      parts.push(written);
      length += written.length;
      if (length >= STRETCH_CHARS) await flush(false);
    },
    async commit() {
      await flush(true);
      await sink.commit();
    },
    discard: () => sink.discard(),
  };
}

/** Characters of a stream of UTF-8, so many at a time; fewer at the end. */
function charReader(input: AsyncIterable<Uint8Array>) {
  const iterator = input[Symbol.asyncIterator]();
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let held = '';
  let isDone = false;
  return async (count: number): Promise<string> => {
    const parts = [held];
    let size = held.length;
    while (size < count && !isDone) {
      const next = await iterator.next();
      isDone = next.done === true;
      const text =
        next.done === true ? decoder.decode() : decoder.decode(next.value, { stream: true });
      parts.push(text);
      size += text.length;
    }
    const all = parts.join('');
    held = all.slice(count);
    return all.slice(0, count);
  };
}

function otherText(from: number): VaultFileError {
  return new VaultFileError(
    'VAULT_MISMATCH',
    `the text is not the one that the vault was made with, from character ${String(from)} on`,
  );
}

/**
 * The input of `custos redact`, from its output and its vault, piece by piece. A piece is given out
 * only when it was compared with the vault; the end of the text is compared as well.
 * @throws VaultFileError VAULT_KEY_WRONG, VAULT_ALTERED, VAULT_MISMATCH
 */
export async function* restoreText(
  input: AsyncIterable<Uint8Array>,
  vaultPath: string,
  key: Uint8Array,
): AsyncGenerator<string> {
  const read = charReader(input);
  let from = 0;
  for await (const frame of openVaultFrames(key, createReadStream(vaultPath))) {
    const { length, digest, edits } = JSON.parse(frame.toString('utf8')) as Stretch;
    const text = await read(length).catch(() => '');
    if (text.length < length || digestOf(text) !== digest) throw otherText(from);
    from += length;
    yield edited(text, edits);
  }
  if ((await read(1).catch(() => '?')) !== '') throw otherText(from);
}
