import { closeSync, openSync, renameSync, statSync } from 'node:fs';

const ROTATE_BYTES = 16 * 1024 * 1024;

/** Opens a log for appending with mode 0600; one above 16 MiB is first set aside as `<name>.1`. */
export function openLog(path: string): { readonly descriptor: number; close(): void } {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > ROTATE_BYTES) renameSync(path, `${path}.1`);
  const descriptor = openSync(path, 'a', 0o600);
  return {
    descriptor,
    close() {
      closeSync(descriptor);
    },
  };
}
