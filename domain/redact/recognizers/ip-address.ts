import ipaddr from 'ipaddr.js';
import type { Recognizer } from '../types.js';

/** IPv6 has eight parts, or `::` in place of some; the parser refuses others with an error, which is slow. */
function mayBeV6(value: string): boolean {
  const gap = value.indexOf('::');
  if (gap >= 0) return value.indexOf('::', gap + 1) < 0;
  const colons = value.split(':').length - 1;
  return colons === 7 || (colons === 6 && value.includes('.'));
}

const trimEnd = (value: string): string => {
  const cut = value.replace(/[.:]{1,3}$/, '');
  return value.endsWith('::') && mayBeV6(value) && ipaddr.isValid(value) ? value : cut;
};

/** Four decimal parts, or IPv6; with `/` a prefix length that the family has; a port is left out. */
function validateIp(value: string): 'passed' | 'failed' {
  if (value === '::') return 'failed';
  if (value.includes(':') && !mayBeV6(value)) return 'failed';
  if (value.includes('/')) return ipaddr.isValidCIDR(value) ? 'passed' : 'failed';
  const valid = value.includes(':')
    ? ipaddr.IPv6.isValid(value)
    : ipaddr.IPv4.isValidFourPartDecimal(value);
  return valid ? 'passed' : 'failed';
}

export const ipAddress: Recognizer = {
  name: 'ip-address',
  type: 'IP_ADDRESS',
  patterns: [
    {
      name: 'v4',
      anchor: 'number',
      regex: /(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?:\/\d{1,2})?(?![\w]|[.-]\d)/g,
      score: 0.5,
      passedScore: 0.85,
    },
    {
      name: 'v6',
      anchor: { around: ':', before: 50, after: 60 },
      regex:
        /(?<![\w.]|(?<![g-z][a-f]{0,3}):)(?:[0-9a-f]{1,4}:|::)[0-9a-f:.]{1,44}(?:\/\d{1,3})?(?![\w])/gi,
      score: 0.5,
      passedScore: 0.93,
    },
  ],
  trim: trimEnd,
  validate: validateIp,
  context: {
    words: [
      'ip',
      'ip address',
      'address',
      'host',
      'server',
      'ping',
      'gateway',
      'subnet',
      'login from',
      'dns',
    ],
    boost: 0.1,
    against: ['version', 'release', 'firmware', 'section', 'build', 'ver'],
    penalty: 0.55,
  },
  matches: [
    ['from 192.168.1.20.', '192.168.1.20'],
    ['2001:db8::1 and', '2001:db8::1'],
    ['fe80::1ff:fe23:4567:890a', 'fe80::1ff:fe23:4567:890a'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['::1 is home', '::1'],
    ['2001:db8:1::/48 is ours', '2001:db8:1::/48'],
    ['at [2001:db8::7]:8443', '2001:db8::7'],
    ['203.0.113.9:8080', '203.0.113.9'],
  ],
  rejects: [
    '256.1.1.1',
    'at 12:30:45',
    'v1.2.3.4',
    '1.2.3',
    'std::vector',
    'ratio 3:4',
    '10.0.0.0/64',
    '1.2.3.4.5',
  ],
};
