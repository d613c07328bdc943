// How people and machines are reached: addresses, phones, hosts, names of log-ins.
import { DIGITS, HEX, type Draw } from './draw.js';
import type { Kind } from './kinds.js';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const FIRST = ['anna', 'jorge', 'mei', 'tariq', 'olga', 'sam', 'ines', 'kofi', 'lena', 'ravi'];
const LAST = [
  'novak',
  'okafor',
  'lindqvist',
  'santos',
  'meyer',
  'haddad',
  'ito',
  'walsh',
  'kaya',
  'roy',
];
/** RFC 2606 names, and made-up ones below real public suffixes. */
const HOSTS = [
  'example.com',
  'mail.example.org',
  'qorvella.de',
  'post.zentrafil.co.uk',
  'brimwood.io',
  'tolvana.fr',
];

const person = (draw: Draw): string =>
  `${draw.pick(FIRST)}${draw.pick(['.', '_', '', '-'])}${draw.pick(LAST)}${draw.pick(['', String(draw.int(1, 99))])}`;

const email = (draw: Draw): string =>
  `${person(draw)}${draw.pick(['', '', '+news'])}@${draw.pick(HOSTS)}`;

/** ITU-T E.164 and national writing; ranges kept for fiction where a plan has some. */
export function phone(draw: Draw): string {
  const area = draw.pick(['212', '415', '303', '617', '206', '512']);
  const line = `01${draw.fill('##')}`;
  const s = draw.pick(['-', ' ', '.']);
  return draw.pick([
    `(${area}) 555-${line}`,
    `${area}${s}555${s}${line}`,
    `+1${s}${area}${s}555${s}${line}`,
    `1-${area}-555-${line}`,
    `+1 (${area}) 555-${line}`,
    `+44 20 7946 0${draw.fill('###')}`,
    `020 7946 0${draw.fill('###')}`,
    `07700 900${draw.fill('###')}`,
    `+49 30 23125 ${draw.fill('###')}`,
    `030 23125 ${draw.fill('###')}`,
    `+33 1 99 00 ${draw.fill('## ##')}`,
    `01 99 00 ${draw.fill('## ##')}`,
    `+34 91 ${draw.fill('### ## ##')}`,
    `+91 98${draw.fill('### #####')}`,
    `+61 2 5550 ${draw.fill('####')}`,
    `0049 40 66969 ${draw.fill('###')}`,
    `+4915${draw.fill('#########')}`,
  ]);
}

/** Written in ways that need a word beside them to be known. */
const plainPhone = (draw: Draw): string =>
  draw.pick([
    `${draw.pick(['212', '415', '303'])}55501${draw.fill('##')}`,
    `07700900${draw.fill('###')}`,
    `555-01${draw.fill('##')}`,
  ]);

const ipv4 = (draw: Draw): string =>
  draw.pick([
    `192.0.2.${String(draw.int(1, 254))}`,
    `198.51.100.${String(draw.int(1, 254))}`,
    `10.${String(draw.int(0, 255))}.${String(draw.int(0, 255))}.${String(draw.int(1, 254))}`,
    `192.168.${String(draw.int(0, 255))}.0/24`,
  ]);
/** RFC 4291 section 2.2: full, compressed, with an embedded IPv4. */
const ipv6 = (draw: Draw): string =>
  draw.pick([
    `2001:db8:${draw.fill('&&&&:&&&&:&&&&:&&&&:&&&&')}:${draw.fill('&&&&')}`,
    `2001:db8::${draw.fill('&&&')}`,
    `fe80::${draw.fill('&&&&:&&&&:&&&&:&&&&')}`,
    `2001:db8:${draw.fill('&&')}::/48`,
    `::ffff:192.0.2.${String(draw.int(1, 254))}`,
  ]);
const mac = (draw: Draw): string => {
  const pairs = Array.from({ length: 6 }, () => draw.of(HEX, 2));
  const written = draw.pick([
    pairs.join(':'),
    pairs.join('-'),
    pairs.join('').replace(/(....)(?!$)/g, '$1.'),
  ]);
  return draw.chance(0.4) ? written.toUpperCase() : written;
};

const url = (draw: Draw): string => {
  const path = `${draw.pick(['profile', 'u', 'orders', 'docs'])}/${draw.of(LOWER, 5)}`;
  const host = draw.pick(HOSTS);
  return draw.pick([
    `https://${host}/${path}`,
    `http://www.${host}/${path}?id=${draw.of(DIGITS, 3)}&x=1`,
    `www.${host}`,
    `https://${host}:8443/`,
    `portal.${host}/${path}`,
    `ftp://files.${host}/${path}.pdf`,
    `https://${host}/#/${path}`,
  ]);
};

const username = (draw: Draw): string =>
  draw.pick([
    `${draw.pick(FIRST).charAt(0)}${draw.pick(LAST)}${String(draw.int(1, 99))}`,
    `${draw.pick(FIRST)}.${draw.pick(LAST)}`,
    `${draw.pick(FIRST)}_${draw.of(DIGITS, 2)}`,
    `${draw.pick(LAST)}-${draw.pick(FIRST)}`,
    `x${draw.of(LOWER, 5)}${draw.of(DIGITS, 2)}`,
  ]);

export const CONTACT_KINDS: readonly Kind[] = [
  {
    type: 'EMAIL_ADDRESS',
    cues: ['email', 'e-mail address', 'mail'],
    value: email,
    bare: true,
    anyCase: true,
  },
  {
    type: 'PHONE_NUMBER',
    cues: ['phone', 'tel', 'mobile', 'phone number', 'fax'],
    value: phone,
    bare: true,
  },
  { type: 'PHONE_NUMBER', cues: ['phone', 'cell', 'mobile number'], value: plainPhone },
  {
    type: 'IP_ADDRESS',
    cues: ['ip', 'ip address', 'client ip'],
    value: (draw) => draw.pick([ipv4, ipv6])(draw),
    bare: true,
  },
  { type: 'MAC_ADDRESS', cues: ['mac', 'mac address', 'bssid'], value: mac, bare: true },
  { type: 'URL', cues: ['url', 'website', 'link'], value: url, bare: true },
  { type: 'USERNAME', cues: ['username', 'user name', 'login', 'user id'], value: username },
];
