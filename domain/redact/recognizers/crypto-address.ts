import { createHash } from 'node:crypto';
import type { Recognizer } from '../types.js';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

const RIPPLE = 'rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz';

/** Base58Check: the last 4 of 25 bytes are the double SHA-256 of the rest. */
function passesBase58Check(value: string, alphabet: string): boolean {
  let number = 0n;
  for (const char of value) number = number * 58n + BigInt(alphabet.indexOf(char));
  const hex = number.toString(16).padStart(50, '0');
  if (hex.length !== 50) return false;
  const bytes = Buffer.from(hex, 'hex');
  return sha256(sha256(bytes.subarray(0, 21)))
    .subarray(0, 4)
    .equals(bytes.subarray(21));
}

function validateWallet(value: string): 'passed' | 'unconfirmed' | 'failed' {
  if (value.length > 40 || !/^[13DLMTr]/.test(value)) return 'unconfirmed';
  const alphabet = value.startsWith('r') ? RIPPLE : BASE58;
  return passesBase58Check(value, alphabet) ? 'passed' : 'failed';
}

export const cryptoAddress: Recognizer = {
  name: 'crypto-address',
  type: 'CRYPTO_ADDRESS',
  patterns: [
    {
      // Bitcoin, and Dogecoin, Litecoin and Tron, whose addresses are made likewise.
      name: 'base58-check',
      anchor: 'number',
      regex: /(?<![A-Za-z0-9])[13DLMT][1-9A-HJ-NP-Za-km-z]{25,34}(?![A-Za-z0-9])/g,
      score: 0.3,
      passedScore: 0.98,
    },
    {
      name: 'bech32',
      anchor: 'number',
      regex: /(?<![A-Za-z0-9])(?:bc|ltc)1[ac-hj-np-z02-9]{11,71}(?![A-Za-z0-9])/gi,
      score: 0.9,
    },
    {
      name: 'ethereum',
      anchor: 'number',
      regex: /(?<![A-Za-z0-9])0x[0-9a-f]{40}(?![A-Za-z0-9])/gi,
      score: 0.85,
    },
    {
      name: 'ripple',
      anchor: 'number',
      regex: /(?<![A-Za-z0-9])r[1-9A-HJ-NP-Za-km-z]{24,34}(?![A-Za-z0-9])/g,
      score: 0.3,
      passedScore: 0.98,
    },
    {
      // 32 bytes in base 58 say nothing by themselves.
      name: 'solana',
      anchor: 'number',
      regex:
        /(?<=(?<!\w)(?:solana|lamports|sol wallet|phantom|\$sol)(?!\w)[^\n]{0,60})(?<![A-Za-z0-9])(?=[1-9A-Za-z]{0,43}\d)[1-9A-HJ-NP-Za-km-z]{43,44}(?![A-Za-z0-9])/gi,
      score: 0.85,
    },
    {
      name: 'monero',
      anchor: 'number',
      regex: /(?<![A-Za-z0-9])[48][1-9A-HJ-NP-Za-km-z]{94}(?![A-Za-z0-9])/g,
      score: 0.9,
    },
    {
      name: 'cardano',
      anchor: ['addr'],
      regex: /(?<![A-Za-z0-9])addr1[ac-hj-np-z02-9]{50,110}(?![A-Za-z0-9])/g,
      score: 0.95,
    },
  ],
  validate: validateWallet,
  matches: [
    ['"destination":"rUrzo7qGvin38nBQzxnxT1xKq6LwCmsApw"', 'rUrzo7qGvin38nBQzxnxT1xKq6LwCmsApw'],
    [
      'solana acct is 9eypMieVbgfrmzG3hWaZZBDJLc9PSYH4i5QBP8aJjxk4, lamports',
      '9eypMieVbgfrmzG3hWaZZBDJLc9PSYH4i5QBP8aJjxk4',
    ],
    ['to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa now', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'],
    ['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
    [
      'LTC ltc1qlsuzca4mnrgjkyt3asserv9vf3rcj88d0laqgz, signed',
      'ltc1qlsuzca4mnrgjkyt3asserv9vf3rcj88d0laqgz',
    ],
    ['0x52908400098527886E0F7030069857D2E4169EE7', '0x52908400098527886E0F7030069857D2E4169EE7'],
  ],
  rejects: ['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb', '0x5290840009', 'bc1', '3 apples'],
};
