import type { Recognizer } from '../types.js';
import { besideLabel, besideUnspaced, isUnspaced } from './labelled.js';
import { USERNAME_CUES } from './username-cues.js';
import { LABELS, ACTORS, SERVICES, TOOLS, DEEDS } from './username-words.js';

const SPACED = LABELS.filter((label) => !isUnspaced(label));
/** In other languages than English a word behind a sign is what is said of users; a name has a digit or a sign. */
const ABROAD =
  /^(?:benutzer.*|nom d.utilisateur|identifiant|(?:nombre de )?usuario|nome utente|nome de usuário|gebruikersnaam|användarnamn|nazwa użytkownika|имя пользователя|логин)$/;
const ASCII = String.raw`[A-Za-z\d][A-Za-z\d._\\-]{1,38}[A-Za-z\d](?!@)`;
/** What has a file's name or a word behind a backslash as well. */
const NO_DOMAINS =
  'HKLM|HKCU|HKCR|HKU|NT|INFO|WARN|WARNING|ERROR|DEBUG|TRACE|FATAL|PASSED|FAILED|OK|DONE|TOTAL';
/** Tell that somebody's account is spoken of. */
const LOGIN_WORDS =
  'accounts?|users?|username|login|logon|logged|log(?:s|ging)? in|signed in|sign-?in|domain|run(?:s|ning)? as|locked|password';
const NAME = String.raw`[\p{L}\p{N}][\p{L}\p{N}._\\-]{1,38}[\p{L}\p{N}](?!@)`;
/** Rules of style sheets and tags of doc comments begin with `@` as well. */
const AT_WORDS =
  'media|import|keyframes|font|charset|supports|page|layer|container|param|return|returns|throws|type|see|link|deprecated|author|override|test|since';

export const username: Recognizer = {
  name: 'username',
  type: 'USERNAME',
  patterns: [
    ...besideLabel(
      SPACED.filter((label) => !ABROAD.test(label)),
      `@?${NAME}`,
      { score: 0.85, needs: 'sign' },
      'behind-sign',
    ),
    // All that its line or its member has behind the sign.
    ...besideLabel(
      SPACED.filter((label) => ABROAD.test(label)),
      String.raw`@?${NAME}(?=[ \t]{0,4}(?:[\r\n,;"'<}]|$))`,
      { score: 0.7, needs: 'sign' },
      'alone-behind-sign',
    ),
    ...besideUnspaced(
      LABELS,
      String.raw`@?${ASCII}(?!\p{L})`,
      { score: 0.85, needs: 'sign' },
      'unspaced-behind-sign',
    ),
    ...besideUnspaced(
      LABELS,
      String.raw`(?=[A-Za-z.-]{0,38}[\d_\\]|[A-Za-z]{1,20}\.[A-Za-z])${ASCII}`,
      { score: 0.8, needs: 'link' },
      'unspaced',
    ),
    ...besideLabel(
      SPACED,
      String.raw`(?!(?:19|20)\d\d(?![\p{L}\d_])|\d{1,6}:\d|\d+(?:\.\d+)+(?![\p{L}\d_]))(?=[\p{L}.-]{0,38}[\d_\\]|\p{L}{1,20}\.\p{L})${NAME}`,
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
    ...besideLabel(
      ACTORS,
      String.raw`(?!(?:[\p{L}\d]{1,20}[-._]){0,3}(?:${SERVICES})(?![\p{L}]))(?=\p{L}{1,30}[-._]?[\p{L}\d])(?=[\p{L}-]{1,30}[-._\d])${NAME}`,
      { score: 0.7, needs: 'sign' },
      'actor',
    ),
    {
      // What the secure shell logs of who came in, or did not.
      name: 'secure-shell',
      anchor: ['for', 'user'],
      regex:
        /(?:(?<=(?:Accepted|Failed) (?:password|publickey|none|hostbased|keyboard-interactive(?:\/pam)?|gssapi-[a-z-]{1,20}) )for (?:invalid )?(?:user )?|(?<=session (?:opened|closed) )for user )(?<value>(?!user\b|invalid\b|root\b)[A-Za-z][\w.-]{1,31})(?= from |[(\s]|$)/g,
      score: 0.85,
    },
    {
      name: 'unix-identity',
      anchor: ['uid', 'gid'],
      regex: /(?<!\w)[ug]id=\d{1,7}\((?<value>(?!root\))[A-Za-z][\w.-]{1,31})(?=\))/g,
      score: 0.9,
    },
    {
      name: 'switch-user',
      anchor: ['su'],
      regex:
        /(?<![\w-])(?:sudo )?su (?:-l? )?(?<value>(?!root\b|--?\b)[a-z][\w.-]{1,31})(?=\s*(?:\n|$))/g,
      score: 0.8,
    },
    {
      name: 'started-by',
      anchor: ['by'],
      regex: /(?<!\w)by (?<value>(?!root\()[A-Za-z][\w.-]{1,31})(?=\(uid=[1-9])/g,
      score: 0.9,
    },
    {
      // The Common Log Format: address, identity, user, time.
      name: 'access-log',
      anchor: 'number',
      regex:
        /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3} \S{1,30} (?<value>[A-Za-z][\w.@-]{1,40})(?= \[\d{2}\/[A-Z][a-z]{2}\/\d{4}:)/g,
      score: 0.9,
    },
    {
      name: 'remote-shell',
      anchor: ['ssh', 'scp', 'sftp'],
      regex:
        /(?<!\w)(?:ssh|scp|sftp) (?:-\S{1,20} ){0,4}(?<value>(?!root@|git@)[a-z][\w.-]{0,31})(?=@)/g,
      score: 0.8,
    },
    {
      name: 'command-line',
      anchor: ['curl', 'wget'],
      regex:
        /(?<!\w)(?:curl|wget) [^\n]{0,60}?(?:-u|--user)[ =]["']?(?<value>[A-Za-z][\w.-]{1,40})(?=:)/g,
      score: 0.8,
    },
    {
      // Of Windows: the domain in capitals, then who.
      name: 'domain-account',
      anchor: { around: '\\', before: 80, after: 72 },
      // A name that begins as a line break or a tab does in a string needs a word that tells of one.
      regex: new RegExp(
        String.raw`(?<![\w\\:.-])(?!(?:${NO_DOMAINS})\\)[A-Z][A-Z\d-]{1,14}\\{1,2}(?:(?![nrtbfvu])|(?<=(?<![A-Za-z])(?:${LOGIN_WORDS})(?![A-Za-z])[^\n\\]{0,48}\\{1,2})|(?=[\w.-]{1,32}[^\n\\]{0,24}(?<![A-Za-z])(?:${LOGIN_WORDS})(?![A-Za-z])))[a-z][\w.-]{1,30}[a-z\d](?![\w\\])`,
        'g',
      ),
      score: 0.8,
    },
    {
      name: 'handle',
      anchor: { around: '@', before: 2, after: 40 },
      regex: new RegExp(
        String.raw`(?<![\w@/.-])@(?!(?:${AT_WORDS})\b)[A-Za-z][A-Za-z0-9_]{2,30}(?:\.[A-Za-z][A-Za-z0-9_]{1,30})?(?![\w@(-]|[./]\w)`,
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
    ...USERNAME_CUES,
  ],
  matches: [
    ['username: jdoe42', 'jdoe42'],
    ['my user name is j_doe', 'j_doe'],
    ['login as jane.doe please', 'jane.doe'],
    ['the page was last edited by frederic53.', 'frederic53'],
    ['follow @jane_doe', '@jane_doe'],
    ['/home/jdoe/file', 'jdoe'],
    ['"user": "jdoe"', 'jdoe'],
    ['Failed password for jkemp from 203.0.113.77 port 52214', 'jkemp'],
    ['session opened for user jkemp(uid=1004)', 'jkemp'],
    ['uid=1004(dpatel) gid=1004(staff2)', 'dpatel', 'staff2'],
    ['session opened for user root by tvolkov(uid=1012)', 'tvolkov'],
    ['10.42.7.19 - a.salazar [14/Feb/2025:09:21:44 +0000]', 'a.salazar'],
    ['$ sudo su - mpatel3\n$ whoami', 'mpatel3'],
    ['ssh olaf@10.20.0.5 -p 2222', 'olaf'],
    ['curl -u deploybot:Xk29sLm0qR', 'deploybot'],
    ['account CORP\\mfernandez is locked', 'CORP\\mfernandez'],
    ['用户名为zhang_wei，', 'zhang_wei'],
    ['ユーザー名：tanaka', 'tanaka'],
    ['아이디는 kim88 입니다', 'kim88'],
    ['usuario: mlopez7', 'mlopez7'],
    ['Benutzername: mmueller\n', 'mmueller'],
    ['CORP\\tnguyen logged in', 'CORP\\tnguyen'],
    ['CORP\\tnguyen was then finally locked', 'CORP\\tnguyen'],
    ['user=CORP\\\\rbaker;', 'CORP\\\\rbaker'],
    ['Her handle is @bea.lindholm, message', '@bea.lindholm'],
    ['"actor":"kwame-b"', 'kwame-b'],
    ['my insta is @_bo.lund or so', '@_bo.lund'],
    ['cashapp me at $bolund3 pls', '$bolund3'],
    ['paid $annlee on Cash App', '$annlee'],
    ['venmo is @bo-lund-3, zelle is', '@bo-lund-3'],
    ['Snapchat: bolund', 'bolund'],
    ['her twitch is bo_plays', 'bo_plays'],
    ['Log on as bolund1974.', 'bolund1974'],
    ['she signed into the portal as ann.lee2 and', 'ann.lee2'],
    ['angemeldet als kkrause7,', 'kkrause7'],
    ['sudo useradd -m -s /bin/bash bolund', 'bolund'],
    ['wp user create bo.l bo@x.example', 'bo.l'],
    ['net user blund Kite!88 /add', 'blund'],
    ["CREATE USER 'bolund'@'%' IDENTIFIED BY", 'bolund'],
    ['psql -h db1 -U bolund sales', 'bolund'],
    ['connect --username bolund --port 22', 'bolund'],
    ['db1:5432:sales:rep1:Kite-88-moon\n', 'rep1'],
    ['machine a.example login bo password Kite88\n', 'bo'],
    ['thanks @bo-lund for', '@bo-lund'],
    ['chown -R blund:staff /srv', 'blund'],
    ['asked by u/bolund77 on', 'bolund77'],
    ['my discord is bo_l#4471', 'bo_l#4471'],
    ['IG bo.lund.99', 'bo.lund.99'],
    ["nom d'utilisateur « jmoreau.ext » à", 'jmoreau.ext'],
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
    '"actor":"system"',
    'Failed password for root from 10.0.0.1',
    'the path C:\\temp is full',
    '@app.route("/")',
    '"TOTAL\\nthanks"',
    'INFO\\tstarted',
    'locked: INFO\\tstarted',
    'PASSED\\nnext',
    'Error: ENOENT\\nat open',
    'GF\\frac',
    'HKLM\\software',
    'NAS\\backup',
    'NT\\authority',
    '用户名长度为6到20',
    '用户名：必填',
    'ユーザー名は3文字以上',
    '아이디어: 재활용',
    'Benutzername: wird vergeben',
    'Benutzerkennung: siehe',
    'Benutzer: alle',
    'usuario: nuevo',
    'identifiant: unique',
    'nome utente: richiesto',
    'логин: обязательно',
    'docker run --user 1001:1001 app',
    '"actor":"cron-job"',
    '"actor":"web-frontend"',
    'created_by: github-actions',
    'created_by: dependabot-npm',
    'created_by: terraform-1.5',
    'performed by: team-a',
    'created by: node-20',
    'session opened for writing',
    'Failed attempt for Bob',
    'Instagram is down again',
    'the price on ebay is $40',
    'set $HOME on the line',
    'create user accounts in bulk',
    'create user stories for sprint 12',
    'signed in as a guest',
    'logged in as an administrator',
    'the passwd command fails',
    'run passwd root',
    'known as version 2.0',
    'Please log in as soon as possible.',
    'The connected device acts as node-12.',
    'net user growth 12%',
    'twitch: muscle pain',

    'posted as part of 12 files',
    'psql -h db1 -U postgres',
    '--user $USER',
    'import from @babel/core',
    'via @types/node-fetch',
    'signal 9 at @0x1f',
    'grant access on files to everyone in the team',
  ],
};
