import { judgeHostName } from '../host-names.js';
import type { Recognizer } from '../types.js';

const CLOSERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** `,,` stands before an empty cell; a `;` ends a field unless it begins a parameter (`;id=1`) or ends an entity (`&amp;`). */
const FIELD_END = /,,|(?<!&[a-z]{2,6});(?![a-z]{1,20}=)/i;

export function untilFieldEnd(value: string): string {
  const end = value.search(FIELD_END);
  return end < 0 ? value : value.slice(0, end);
}

/** Cuts at a field's end, sentence punctuation, and closing brackets that the URL did not open. */
function trimUrl(value: string): string {
  // An `&` before any `?` belongs to the query that the URL is a value of.
  const query = /^[^?&]*&(?!amp;|#)/.exec(value)?.[0];
  let end = untilFieldEnd(query === undefined ? value : query.slice(0, -1)).length;
  while (end > 0) {
    const last = value.charAt(end - 1);
    const opener = CLOSERS[last];
    const strip =
      opener === undefined ? /[.,;:!?'"*_]/.test(last) : !value.slice(0, end).includes(opener);
    if (!strip) break;
    end -= 1;
  }
  return value.slice(0, end);
}

/** A name without a scheme has to end in a domain that exists. */
function validateUrl(value: string): 'passed' | 'unconfirmed' | 'failed' {
  if (/^[a-z]{2,5}:\/\//i.test(value)) return 'passed';
  return judgeHostName(/^[^/?#:]+/.exec(value)?.[0] ?? '');
}

export const url: Recognizer = {
  name: 'url',
  type: 'URL',
  patterns: [
    {
      name: 'scheme',
      anchor: ['http', 'https', 'ftp', 'sftp', 'ssh', 'file'],
      regex: /(?<![\w])(?:https?|ftp|sftp|ssh|file):\/\/[^\s<>"`|\\^“”‘’«»—]{2,2048}/gi,
      score: 0.97,
    },
    {
      name: 'www',
      anchor: ['www'],
      regex: /(?<![\w@./-])www\.[^\s<>"`|\\^“”‘’«»—]{3,512}/gi,
      score: 0.95,
    },
    {
      name: 'host',
      anchor: 'dotted',
      regex:
        /(?<![\w@./-])(?:[a-z0-9][a-z0-9-]{0,62}\.){1,5}[a-z]{2,18}(?::\d{2,5})?(?:\/[^\s<>"`|\\^“”‘’«»—]{0,512})?(?![\w@-])/gi,
      score: 0.3,
      passedScore: 0.75,
    },
  ],
  trim: trimUrl,
  validate: validateUrl,
  matches: [
    ['a,https://x.example/p,,web', 'https://x.example/p'],
    ['see https://example.com/a?b=c#d.', 'https://example.com/a?b=c#d'],
    ['(www.example.org/x)', 'www.example.org/x'],
    ['at portal.example.com, log in', 'portal.example.com'],
    ['on intranet.example.museum:8443/x today', 'intranet.example.museum:8443/x'],
    ['https://en.example.org/wiki/A_(b)', 'https://en.example.org/wiki/A_(b)'],
  ],
  rejects: [
    'jane@example.com',
    'e.g. this',
    'README.md',
    'Node.js',
    'end.Then',
    'see main.rs and setup.py',
    'config.yaml.tmpl',
  ],
};
