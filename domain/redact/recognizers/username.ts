import type { Recognizer } from '../types.js';

const CUE = String.raw`(?:user ?name|user[-_]?id|user|login(?: name| id)?|logged in as|log ?in as|screen name|handle|account name|nick(?:name)?|alias|skype|twitter|instagram|github)`;

export const username: Recognizer = {
  name: 'username',
  type: 'USERNAME',
  patterns: [
    {
      name: 'after-colon',
      regex: new RegExp(
        String.raw`(?<![\w])${CUE}["']?[ \t]{0,2}[:=][ \t]{0,2}["'\x60]?(?<value>@?[\p{L}\p{N}][\p{L}\p{N}._\\-]{1,38}[\p{L}\p{N}])(?![\w@])`,
        'giu',
      ),
      score: 0.85,
    },
    {
      name: 'after-cue',
      regex: new RegExp(
        String.raw`(?<![\w])${CUE} (?:is |was |of |as )?["'\x60]?(?<value>(?=[\p{L}.-]{0,38}[\d_\\]|\p{L}{1,20}\.\p{L})[\p{L}\p{N}][\p{L}\p{N}._\\-]{1,38}[\p{L}\p{N}])(?![\w@])`,
        'giu',
      ),
      score: 0.8,
    },
    { name: 'handle', regex: /(?<![\w@/.-])@[A-Za-z][A-Za-z0-9_]{2,30}(?![\w@.-])/g, score: 0.7 },
    {
      name: 'home-folder',
      regex: /(?:\/home\/|\/Users\/|C:\\Users\\)(?<value>[A-Za-z][\w.-]{1,30})(?![\w])/g,
      score: 0.85,
    },
  ],
  matches: [
    ['username: jdoe42', 'jdoe42'],
    ['my user name is j_doe', 'j_doe'],
    ['login as jane.doe please', 'jane.doe'],
    ['follow @jane_doe', '@jane_doe'],
    ['/home/jdoe/file', 'jdoe'],
    ['"user": "jdoe"', 'jdoe'],
  ],
  rejects: [
    'username is required',
    'the user 12 times',
    'login page',
    'jane@example.com',
    'user account',
    'login failed',
  ],
};
