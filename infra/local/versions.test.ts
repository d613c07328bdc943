import { expect, it } from 'vitest';
import { isUsableVersion, PINNED_SERVERS } from './versions.js';

it.each([
  ['temporal', '1.4.0', true],
  ['temporal', '1.10.0', true],
  ['temporal', '2.0.0', true],
  ['temporal', '1.3.9', false],
  ['temporal', '0.13.2', false],
  ['minio', 'RELEASE.2024-09-09T16-59-28Z', true],
  ['minio', 'RELEASE.2024-09-08T00-00-00Z', false],
  ['minio', 'RELEASE.2025-01-01T00-00-00Z', true],
  ['minio', 'DEVELOPMENT.GOGET', true],
] as const)('%s %s is usable: %s', (name, printed, expected) => {
  expect(isUsableVersion(PINNED_SERVERS[name], printed)).toBe(expected);
});
