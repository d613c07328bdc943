// Puts SwiftShader, a GPU in software, into a folder: Chromium's, as an npm package carries it.
// Usage: swiftshader.mjs FOLDER; then LD_LIBRARY_PATH=FOLDER VK_ICD_FILENAMES=FOLDER/vk_swiftshader_icd.json
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

const PACKAGE = '@sparticuz/chromium@153.0.0';
const SHA512 =
  'jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA==';
const ARCHIVE = 'package/bin/swiftshader.tar.br';

const folder = resolve(process.argv[2] ?? '');
mkdirSync(dirname(folder), { recursive: true });
const scratch = mkdtempSync(`${folder}-`);
try {
  const packed = execFileSync('npm', ['pack', '--silent', PACKAGE], { cwd: scratch });
  const file = join(scratch, packed.toString().trim());
  const found = createHash('sha512').update(readFileSync(file)).digest('base64');
  if (found !== SHA512)
    throw new Error(`${PACKAGE} has other bytes than the pinned ones: ${found}`);
  execFileSync('tar', ['-xzf', file, '-C', scratch, ARCHIVE]);
  const whole = join(scratch, 'whole');
  mkdirSync(whole);
  writeFileSync(
    join(scratch, 'libraries.tar'),
    brotliDecompressSync(readFileSync(join(scratch, ARCHIVE))),
  );
  execFileSync('tar', ['-xf', join(scratch, 'libraries.tar'), '-C', whole]);
  rmSync(folder, { recursive: true, force: true });
  renameSync(whole, folder);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
