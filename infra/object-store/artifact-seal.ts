import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { canonicalBytes, type ArtifactClass } from '../../domain/lineage/index.js';
import { TAG_BYTES } from './artifact-format.js';

/** What a sealed artifact is, beyond its bytes. Sealed parts open only under the same identity. */
export interface SealIdentity {
  readonly digest: string;
  readonly epoch: number;
  readonly class: ArtifactClass;
  readonly project: string;
}

/** Seals and opens the parts of one artifact under its own data key. */
export interface Seal {
  /** Part i, or the index. @returns ciphertext and tag, apart: to join them would copy every byte */
  seal(part: number | 'index', plaintext: Uint8Array): readonly Buffer[];
  /** The plaintext, or undefined when the part is not the one that was sealed. */
  open(part: number | 'index', sealed: Uint8Array): Buffer | undefined;
}

/** The authenticated data under which the key service wraps an artifact's data key. */
export function keyContext(identity: SealIdentity): string {
  const { class: artifactClass, project, digest, epoch } = identity;
  return ['custos/artifact/1', artifactClass, project, digest, String(epoch)].join('|');
}

/**
 * AES-256-GCM per 1 MiB chunk, after the STREAM construction (Hoang, Reyhanitabar, Rogaway and
 * Vizár 2015): the position is the nonce, position and "last" are authenticated, so that chunks
 * cannot be dropped, repeated, moved or taken from another artifact. Nonces never repeat, because a
 * data key is drawn for one object and used once.
 */
export function createSeal(
  dataKey: Uint8Array,
  identity: SealIdentity,
  start: Uint8Array,
  chunkCount: number,
): Seal {
  const header = createHash('sha256').update(start).digest('hex');
  const associated = (part: number | 'index'): Uint8Array =>
    canonicalBytes({
      ...identity,
      format: 'custos/artifact/1',
      header,
      part,
      last: part === chunkCount - 1,
    });
  return {
    seal(part, plaintext) {
      const cipher = createCipheriv('aes-256-gcm', dataKey, nonceOf(part));
      cipher.setAAD(associated(part));
      return [cipher.update(plaintext), cipher.final(), cipher.getAuthTag()];
    },
    open(part, sealed) {
      if (sealed.length < TAG_BYTES) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', dataKey, nonceOf(part), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(associated(part));
      decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
      const plaintext = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
      try {
        decipher.final();
        return plaintext;
      } catch {
        return undefined;
      }
    },
  };
}

function nonceOf(part: number | 'index'): Buffer {
  const nonce = Buffer.alloc(12);
  if (part === 'index') nonce[0] = 1;
  else nonce.writeUInt32BE(part, 8);
  return nonce;
}
