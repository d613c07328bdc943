import type { SourceLocation, SourceStore } from '../../domain/record/index.js';
import type { SourceManifest } from '../../schemas/index.js';
import { SourceError } from './errors.js';
import { openLocalPlace } from './local-place.js';
import type { SourcePlace } from './place.js';
import { isS3, openS3Place, type SourceS3Options } from './s3-place.js';
import { fingerprintEntry, verifiedFile, type ManifestFile } from './verified-file.js';

/** Names a file of a source in errors, which people other than the user may read. */
function numbered(path: string, at: number, count: number): string {
  return count === 1 ? path : `file ${String(at + 1)} of ${String(count)} of ${path}`;
}

/**
 * Sources on this machine and, with credentials, in an object store.
 * @throws SourceError SOURCE_MISSING (no file, or none that matches), SOURCE_UNREADABLE,
 *   SOURCE_LINK, SOURCE_DENIED, SOURCE_UNAVAILABLE, SOURCE_CHANGED
 */
export function openSourceStore(s3: SourceS3Options | undefined): SourceStore {
  const placeOf = (path: string): Promise<SourcePlace> =>
    isS3(path) ? Promise.resolve(openS3Place(path, s3)) : openLocalPlace(path);

  const single = async (path: string): Promise<ManifestFile> => {
    const place = await placeOf(path);
    const [name, ...others] = await place.list();
    if (name === undefined || others.length > 0) {
      throw new SourceError('SOURCE_MISSING', `${path} is not one file; give a single file`);
    }
    return fingerprintEntry(place, name, path);
  };

  return {
    async fingerprint({ path, corrections }: SourceLocation): Promise<SourceManifest> {
      const place = await placeOf(path);
      const names = await place.list();
      if (names.length === 0) {
        throw new SourceError('SOURCE_MISSING', `${path} has no file; check it in the run file`);
      }
      const files: ManifestFile[] = [];
      for (const [at, name] of names.entries()) {
        files.push(await fingerprintEntry(place, name, numbered(path, at, names.length)));
      }
      return {
        schema: 'custos.source-manifest.v1',
        files,
        ...(corrections === undefined ? {} : { corrections: await single(corrections) }),
      };
    },
    async open({ path, corrections }, manifest) {
      const place = await placeOf(path);
      const files = manifest.files.map((entry, at) =>
        verifiedFile(place, entry, numbered(path, at, manifest.files.length)),
      );
      if (manifest.corrections === undefined || corrections === undefined) return { files };
      const corrected = await placeOf(corrections);
      return { files, corrections: verifiedFile(corrected, manifest.corrections, corrections) };
    },
  };
}
