import { writeFile } from 'node:fs/promises';
import type { EvidenceKey } from '../domain/evidence/index.js';
import { canonicalBytes } from '../domain/lineage/index.js';
import type { Stores } from '../infra/runtime/index.js';
import { check, validateKeyring, type Keyring } from '../schemas/index.js';

/** Every public key of an installation: its services' and its people's, with their roles. */
export async function installationKeys(stores: Stores): Promise<readonly EvidenceKey[]> {
  const services = (await stores.trustedKeys()).filter(({ use }) => use !== 'person');
  return [...services, ...(await stores.people())];
}

/** The keyring file that `custos verify --key` takes; it holds no secret. */
export function keyringOf(keys: readonly EvidenceKey[]): Keyring {
  const entries = keys.map(({ roles, ...key }) => ({
    ...key,
    ...(roles === undefined ? {} : { roles: [...roles] }),
  }));
  return check(validateKeyring, { schema: 'custos.keyring.v1', keys: entries }, 'the keyring');
}

/** @param path an existing file is replaced */
export async function writeKeyring(path: string, keyring: Keyring): Promise<void> {
  await writeFile(path, canonicalBytes(keyring), { mode: 0o644 });
}
