import { createHash } from 'node:crypto';
import type { Recognizer } from '../types.js';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** Base58Check: the last 4 of 25 bytes are the double SHA-256 of the rest. */
function passesBase58Check(value: string): boolean {
  let number = 0n;
  for (const char of value) number = number * 58n + BigInt(BASE58.indexOf(char));
  const hex = number.toString(16).padStart(50, '0');
  if (hex.length !== 50) return false;
  const bytes = Buffer.from(hex, 'hex');
  return sha256(sha256(bytes.subarray(0, 21)))
    .subarray(0, 4)
    .equals(bytes.subarray(21));
}

function validateWallet(value: string): 'passed' | 'unconfirmed' | 'failed' {
  if (/^0x/i.test(value) || /^bc1/i.test(value)) return 'unconfirmed';
  return passesBase58Check(value) ? 'passed' : 'failed';
}

export const cryptoAddress: Recognizer = {
  name: 'crypto-address',
  type: 'CRYPTO_ADDRESS',
  patterns: [
    {
      name: 'bitcoin-base58',
      anchor: 'number',
      regex: /(?<![A-Za-z0-9])[13][1-9A-HJ-NP-Za-km-z]{25,34}(?![A-Za-z0-9])/g,
      score: 0.3,
      passedScore: 0.98,
    },
    {
      name: 'bitcoin-bech32',
      anchor: 'number',
      regex: /(?<![A-Za-z0-9])bc1[ac-hj-np-z02-9]{11,71}(?![A-Za-z0-9])/gi,
      score: 0.9,
    },
    {
      name: 'ethereum',
      anchor: 'number',
      regex: /(?<![A-Za-z0-9])0x[0-9a-f]{40}(?![A-Za-z0-9])/gi,
      score: 0.85,
    },
  ],
  validate: validateWallet,
  matches: [
    ['to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa now', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'],
    ['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
    ['0x52908400098527886E0F7030069857D2E4169EE7', '0x52908400098527886E0F7030069857D2E4169EE7'],
  ],
  rejects: ['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb', '0x5290840009', 'bc1', '3 apples'],
};
