import { createReadStream } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import picomatch from 'picomatch';
import { SourceError } from './errors.js';
import { inCodePointOrder, isHidden, type SourcePlace } from './place.js';

const READ_BYTES = 1 << 18;

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

export function explain(what: string, error: unknown): SourceError {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new SourceError('SOURCE_MISSING', `there is no ${what}; check the path in the run file`);
  }
  return new SourceError('SOURCE_UNREADABLE', `${what} cannot be read; check its permissions`, {
    cause: error,
  });
}

/** Regular files below a folder. @throws SourceError SOURCE_LINK for a link that leads out of it */
async function filesBelow(root: string, prefix = ''): Promise<string[]> {
  const entries = await readdir(join(root, prefix), { withFileTypes: true });
  const names: string[] = [];
  for (const entry of entries) {
    const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (isHidden(entry.name)) continue;
    if (entry.isDirectory()) names.push(...(await filesBelow(root, name)));
    else if (entry.isFile()) names.push(name);
    else if (entry.isSymbolicLink()) await checkLink(root, name);
    else {
      throw new SourceError(
        'SOURCE_UNREADABLE',
        `the folder ${root} holds something that is neither file nor folder; take it out`,
      );
    }
  }
  return names;
}

/** A link within the folder is passed over: what it leads to is read under its own name. */
async function checkLink(root: string, name: string): Promise<void> {
  const inside = (await realpath(root)) + sep;
  const target = await realpath(join(root, name));
  if (target.startsWith(inside)) return;
  throw new SourceError(
    'SOURCE_LINK',
    `a link in the folder ${root} leads out of it; copy the file into the folder`,
  );
}

function placeAt(root: string, list: () => Promise<readonly string[]>): SourcePlace {
  return {
    list,
    async *read(name, what, range) {
      const options = range === undefined ? {} : { start: range.start, end: range.end - 1 };
      const stream = createReadStream(join(root, name), { highWaterMark: READ_BYTES, ...options });
      try {
        yield* stream as AsyncIterable<Buffer>;
      } catch (error) {
        throw explain(what, error);
      }
    },
  };
}

/** A file, a folder or a glob of this machine. @throws SourceError SOURCE_MISSING */
export async function openLocalPlace(path: string): Promise<SourcePlace> {
  const found = await stat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw explain(path, error);
  });
  if (found?.isFile() === true) {
    return placeAt(dirname(path), () => Promise.resolve([basename(path)]));
  }
  const { base, glob, isGlob } = picomatch.scan(path) as Readonly<{
    base: string;
    glob: string;
    isGlob: boolean;
  }>;
  if (found?.isDirectory() === true) return placeAt(path, () => listFolder(path, () => true));
  if (found === undefined && isGlob) {
    return placeAt(base, () => listFolder(base, picomatch(glob)));
  }
  throw explain(
    path,
    found === undefined ? Object.assign(new Error('missing'), { code: 'ENOENT' }) : undefined,
  );
}

async function listFolder(
  root: string,
  matches: (name: string) => boolean,
): Promise<readonly string[]> {
  try {
    return inCodePointOrder((await filesBelow(root)).filter((name) => matches(name)));
  } catch (error) {
    throw error instanceof SourceError ? error : explain(root, error);
  }
}
