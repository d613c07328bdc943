// Runs where the folder of its argument is a disk of a few MiB: fills it, and says as JSON what the
// store of files does then and once there is space again.
import { randomBytes } from 'node:crypto';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openStores } from '../../dist/infra/runtime/index.js';

const disk = process.argv[2];
const stores = await openStores(join(disk, 'home'), { kind: 'files', root: join(disk, 'store') });
const { artifacts, ledger, driver } = stores;

const put = (bytes) =>
  artifacts.put(bytes, { class: 'derived', mediaType: 'text/plain', project: 'demo' });
const leaf = (digit) => `sha256:${digit.repeat(64)}`;
const ofError = (error) => ({ code: error.code, message: error.message });
const failing = (work) => work().then(() => ({ code: 'none', message: '' }), ofError);

async function keys() {
  const found = [];
  for (const bucket of ['data', 'evidence']) {
    for await (const key of driver.list(bucket, '')) found.push(`${bucket}/${key}`);
  }
  return found;
}

async function fill(name) {
  for (let size = 1 << 20; size >= 1; size >>= 1) {
    for (let at = 0; ; at += 1) {
      const written = await writeFile(join(disk, `${name}-${size}-${at}`), Buffer.alloc(size)).then(
        () => true,
        () => false,
      );
      if (!written) break;
    }
  }
}

async function unfill(name) {
  for (const file of await readdir(disk)) {
    if (file.startsWith(`${name}-`)) await rm(join(disk, file));
  }
}

const small = randomBytes(50_000);
const before = await put(small);
await ledger.append([leaf('1')], '1'.repeat(64));
await fill('filler');
const known = await keys();
const big = randomBytes(900_000);
const refused = await failing(() => put(big));
const ledgerRefused = await failing(() => ledger.append([leaf('2')], '2'.repeat(64)));
const left = (await keys()).filter((key) => !known.includes(key));
const temporaries = (await readdir(join(disk, 'store'), { recursive: true })).filter((name) =>
  /.\.tmp$/.test(name),
);
const opensBefore = Buffer.from(await artifacts.get(before, 'demo')).equals(small);
await unfill('filler');
const again = await put(big);
const putAgain = Buffer.from(await artifacts.get(again, 'demo')).equals(big);
const [receipt] = await ledger.append([leaf('2')], '2'.repeat(64));
process.stdout.write(
  JSON.stringify({
    put: refused.code,
    words: refused.message,
    ledger: ledgerRefused.code,
    leftAfterFailure: [...left, ...temporaries],
    opensBefore,
    putAgain,
    ledgerAgain: receipt.index,
  }),
);
await stores.close();
