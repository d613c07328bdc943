import { judgeHostName } from '../host-names.js';
import type { Recognizer } from '../types.js';

/** A domain that nobody can have registered is still an address that somebody wrote. */
function validateEmail(value: string): 'passed' | 'unconfirmed' {
  const host = value.slice(value.lastIndexOf('@') + 1);
  return judgeHostName(host) === 'failed' ? 'unconfirmed' : 'passed';
}

export const emailAddress: Recognizer = {
  name: 'email-address',
  type: 'EMAIL_ADDRESS',
  patterns: [
    {
      name: 'address',
      anchor: { around: '@', before: 80, after: 560 },
      // Local part and labels of any script; RFC 5321 bounds.
      regex:
        /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}_%+-][\p{L}\p{N}._%+'-]{0,63}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62})\.){1,8}[\p{L}]{2,24}(?![\p{L}\p{N}])/gu,
      score: 0.85,
      passedScore: 0.98,
    },
    {
      name: 'spelled-out',
      anchor: { around: '(', before: 80, after: 300 },
      regex:
        /(?<![\w.+-])[\w.+-]{2,64}\s{0,2}[([{]\s{0,2}at\s{0,2}[)\]}]\s{0,2}[\w-]{1,63}(?:\s{0,2}(?:[([{]\s{0,2}dot\s{0,2}[)\]}]|\.)\s{0,2}[A-Za-z]{2,24}){1,3}/gi,
      score: 0.9,
    },
    {
      name: 'spoken',
      anchor: { around: 'dot', before: 140, after: 20 },
      regex:
        /(?<![\w.+-])(?:[\w+-]{1,30} (?:dot|underscore|dash|hyphen) ){0,3}[\w.+-]{2,64} at [\w-]{2,63} dot (?:com|org|net|edu|gov|io|co|de|uk|fr|info|example)(?!\w)/gi,
      score: 0.8,
    },
    {
      name: 'local-domain',
      anchor: { around: '@', before: 70, after: 70 },
      regex: /(?<![\w.%+@-])[\w%+-][\w.%+-]{0,63}@(?:localhost|[a-z0-9-]{2,63})(?![\w.@-])/gi,
      score: 0.45,
      needsContext: true,
    },
  ],
  validate: validateEmail,
  context: { words: ['email', 'e-mail', 'mail', 'mailbox', 'contact', 'write to'], boost: 0.1 },
  matches: [
    ['at john.doe@example.com or', 'john.doe@example.com'],
    ['(a_b+tag@mail.example.co.uk)', 'a_b+tag@mail.example.co.uk'],
    ['müller@beispiel.example, or', 'müller@beispiel.example'],
    ["o'neil@example.org", "o'neil@example.org"],
    ['write to jane [at] example [dot] com.', 'jane [at] example [dot] com'],
    ['jane doe is jdoe at example dot com', 'jdoe at example dot com'],
    ['it is bo dot lund at example dot com', 'bo dot lund at example dot com'],
    ['<mailto:x@y.example>', 'x@y.example'],
  ],
  rejects: ['meet at noon', '@handle', 'a@', '@b.com', 'price @ 3.50', 'user@host', '5 @ 10 each'],
};
