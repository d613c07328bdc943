import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Base64 of a text inside a longer one: its characters that no neighbour changes, at each of three alignments. */
function base64Forms(text: string): Buffer[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text, 'utf8')]);
    const first = Math.ceil((before * 4) / 3);
    const whole = Math.floor((bytes.length * 8) / 6);
    return Buffer.from(bytes.toString('base64').slice(first, whole), 'latin1');
  });
}

/** How a text may lie in bytes: UTF-8, UTF-16LE, base64 at three alignments. */
export function formsOf(text: string): readonly Buffer[] {
  return [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le'), ...base64Forms(text)];
}

export function holds(bytes: Buffer, text: string): boolean {
  return formsOf(text).some((form) => bytes.includes(form));
}

/** Files below a directory that hold one of the texts in any form, by path. */
export async function filesHolding(
  directory: string,
  texts: readonly string[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    if (texts.some((text) => holds(bytes, text))) found.push(path);
  }
  return found;
}
