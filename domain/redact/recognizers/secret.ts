import type { Recognizer } from '../types.js';

export const secret: Recognizer = {
  name: 'secret',
  type: 'SECRET',
  patterns: [
    {
      name: 'private-key',
      regex:
        /-----BEGIN (?:[A-Z]{1,12} ){0,3}PRIVATE KEY-----[^-]{0,8000}(?:-----END (?:[A-Z]{1,12} ){0,3}PRIVATE KEY-----)?/g,
      score: 0.99,
    },
    {
      name: 'json-web-token',
      regex: /(?<![\w-])eyJ[\w-]{8,2000}\.[\w-]{8,4000}\.[\w-]{8,2000}(?![\w-])/g,
      score: 0.99,
    },
    {
      name: 'known-prefix',
      regex:
        /(?<![\w-])(?:(?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{30,80}|github_pat_\w{30,100}|glpat-[\w-]{20,40}|xox[abprs]-[\w-]{10,200}|AIza[\w-]{35}|(?:sk|pk|rk)[-_](?:live[-_]|test[-_]|proj[-_]|ant[-_])?[A-Za-z0-9_-]{16,160}|npm_[A-Za-z0-9]{36}|pypi-[\w-]{20,200}|hf_[A-Za-z0-9]{30,40}|SG\.[\w-]{16,32}\.[\w-]{16,64})(?![\w-])/g,
      score: 0.97,
    },
    {
      name: 'connection-string',
      regex:
        /(?<![\w+.-])[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@]{1,100}:[^\s@/]{1,200}@[^\s"'<>`]{1,300}/gi,
      score: 0.96,
    },
    {
      name: 'bearer',
      regex: /(?<![\w])(?:bearer|basic) (?<value>[A-Za-z0-9_\-.~+/]{16,2000}={0,2})(?![\w])/gi,
      score: 0.9,
    },
    {
      name: 'password-assignment',
      regex:
        /(?<![\w])(?:(?:temporary |temp |new |old )?pass(?:word|phrase|code|wd)?|pwd|pw|secret|(?:api|access|secret|auth)[ _-]?(?:key|token)|token|credentials?)["']?[ \t]{0,2}(?:[:=]|=>)[ \t]{0,2}["'`]?(?<value>[^\s"'`,;<>\[\]]{4,200})/gi,
      score: 0.85,
    },
    {
      name: 'password-sentence',
      regex:
        /(?<![\w])(?:pass(?:word|phrase|code|wd)?|pwd|pw|(?:api|access|secret|auth)[ _-]?(?:key|token)|token|pin(?: code)?|cvv|cvc|security code)(?: number)?(?: (?:is|was|to|of|as)(?: now| set to| still)?| reset to|:)? {0,2}["'`]?(?<value>(?![=:])(?=[^\s"'`,;<>]{0,60}\d|[^\s"'`,;<>]{0,60}[!#$%^&*+=~])[^\s"'`,;<>\[\]]{3,64})/gi,
      score: 0.7,
    },
  ],
  trim: (value) =>
    value.replace(/[.,;:!?)\]}]{1,3}$/, (end) => (/^[!?]/.test(end) ? end.charAt(0) : '')),
  matches: [
    ['password: hunter2!', 'hunter2!'],
    ['the password is Tr0ub4dor&3.', 'Tr0ub4dor&3'],
    ['key AKIAIOSFODNN7EXAMPLE ok', 'AKIAIOSFODNN7EXAMPLE'],
    ['postgres://app:s3cr3t@db.example.com/x', 'postgres://app:s3cr3t@db.example.com/x'],
    ['api_key=abcd1234efgh', 'abcd1234efgh'],
    ['PIN 4821', '4821'],
    [
      '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----',
      '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----',
    ],
    [
      'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0abc.c2lnbmF0dXJlMTIz',
      'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0abc.c2lnbmF0dXJlMTIz',
    ],
  ],
  rejects: [
    'reset my password please',
    'password is required',
    'token ring',
    'pin board',
    'task-force-for-everyone-here',
  ],
};
