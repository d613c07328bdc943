import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';

const LABELS = [
  'user',
  'username',
  'user name',
  'user id',
  'login',
  'login name',
  'login id',
  'logged in as',
  'log in as',
  'login as',
  'screen name',
  'handle',
  'account name',
  'nick',
  'nickname',
  'alias',
  'skype',
  'twitter',
  'instagram',
  'github',
];
const NAME = String.raw`[\p{L}\p{N}][\p{L}\p{N}._\\-]{1,38}[\p{L}\p{N}](?!@)`;
/** Rules of style sheets and tags of doc comments begin with `@` as well. */
const AT_WORDS =
  'media|import|keyframes|font|charset|supports|page|layer|container|param|return|returns|throws|type|see|link|deprecated|author|override|test|since';

/** What somebody does who is logged in. */
const DEEDS =
  'accessed|added|approved|assigned|changed|closed|committed|created|deleted|edited|escalated|logged|locked|modified|opened|owned|posted|rejected|removed|reported|requested|resolved|reviewed|signed|submitted|triggered|unlocked|updated|uploaded|used';

/** What has a number in its name and does the same. */
const TOOLS =
  '(?:sha|md|utf|base|covid|win|mp|ipv|web|log|gpt|python|node|oauth|http|es|vp|av|h|s)';

export const username: Recognizer = {
  name: 'username',
  type: 'USERNAME',
  patterns: [
    ...besideLabel(LABELS, `@?${NAME}`, { score: 0.85, needs: 'sign' }, 'behind-sign'),
    ...besideLabel(
      LABELS,
      String.raw`(?!(?:19|20)\d\d(?![\p{L}\d_])|\d+(?:\.\d+)+(?![\p{L}\d_]))(?=[\p{L}.-]{0,38}[\d_\\]|\p{L}{1,20}\.\p{L})${NAME}`,
      {
        score: 0.8,
        needs: 'verb',
      },
    ),
    ...besideLabel(
      ['username', 'user name', 'user id', 'login name', 'login id'],
      String.raw`(?!case-)(?=\p{L}{1,30}[-._][\p{L}\p{N}])${NAME}`,
      { score: 0.75, needs: 'verb' },
      'beside-username',
    ),
    {
      name: 'handle',
      anchor: { around: '@', before: 2, after: 40 },
      regex: new RegExp(
        String.raw`(?<![\w@/.-])@(?!(?:${AT_WORDS})\b)[A-Za-z][A-Za-z0-9_]{2,30}(?![\w@.-])`,
        'g',
      ),
      score: 0.7,
    },
    {
      name: 'done-by',
      anchor: DEEDS.split('|'),
      regex: new RegExp(
        String.raw`(?<![\p{L}\p{N}])(?:${DEEDS})(?: in| off| up| out)? by (?:user )?(?!${TOOLS}\d)(?<value>\p{Ll}{2,}(?:[._-]?\p{Ll}+){0,3}\d{2,4})(?![\p{L}\p{N}_@]|[.:-][\p{L}\p{N}])`,
        'giu',
      ),
      score: 0.6,
    },
    {
      name: 'home-folder',
      anchor: ['home', 'users'],
      regex: /(?<=[\\/])(?:home|Users)[\\/](?<value>[A-Za-z][\w.-]{1,30})(?![\w])/g,
      score: 0.85,
    },
  ],
  matches: [
    ['username: jdoe42', 'jdoe42'],
    ['my user name is j_doe', 'j_doe'],
    ['login as jane.doe please', 'jane.doe'],
    ['the page was last edited by frederic53.', 'frederic53'],
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
    'user 2.0 is out',
    'the handle is 120cm long',
    'login failed',
    'approved by 12 of them',
    'used by python3.11',
    'signed by sha256',
    'caused by covid19',
  ],
};
