import { parse } from 'tldts';

/** Names for use inside a network or in documents (RFC 2606, 6761, 6762, 7686, ICANN 2024). */
const RESERVED = new Set(
  'example test invalid localhost local internal intranet lan corp home onion arpa'.split(' '),
);

/** Top-level domains that are also the ends of file names or of abbreviations. */
const FILE_ENDS = new Set(
  'md py rs sh pl zip mov ps so cc java app mil name cs id is no'.split(' '),
);

/**
 * Whether the public suffix list, or a standard, knows the last part of a host name; `unconfirmed`
 * where it knows it and two labels could as well be a file's name.
 */
export function judgeHostName(host: string): 'passed' | 'unconfirmed' | 'failed' {
  const { hostname, domain, publicSuffix, isIcann, isIp } = parse(host);
  if (hostname === null || isIp === true || publicSuffix === null) return 'failed';
  const top = publicSuffix.slice(publicSuffix.lastIndexOf('.') + 1);
  if (RESERVED.has(top)) return 'passed';
  if (isIcann !== true || domain === null) return 'failed';
  const labels = hostname.split('.').length;
  return labels === 2 && FILE_ENDS.has(top) ? 'unconfirmed' : 'passed';
}
