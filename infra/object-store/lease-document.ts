import { StoreError } from './errors.js';

/** What stands in the document of a lease. Every write changes it, so that its etag changes too. */
export interface LeaseDocument {
  readonly token: number;
  readonly owner: string;
  readonly nonce: string;
  readonly renewals: number;
  readonly released: boolean;
}

/** @throws StoreError STORE_CORRUPT */
export function parseLease(bytes: Uint8Array, name: string): LeaseDocument {
  const value = parseObject(bytes);
  const { token, owner, nonce, renewals, released } = value ?? {};
  if (
    typeof token === 'number' &&
    Number.isSafeInteger(token) &&
    typeof owner === 'string' &&
    typeof nonce === 'string' &&
    typeof renewals === 'number' &&
    typeof released === 'boolean'
  ) {
    return { token, owner, nonce, renewals, released };
  }
  throw new StoreError(
    'STORE_CORRUPT',
    `The document of the lease ${name} is not one. Remove it when no process that holds it runs.`,
  );
}

function parseObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
