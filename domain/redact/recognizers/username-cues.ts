import type { Pattern } from '../types.js';
import { besideLabel } from './labelled.js';

/** Services where people go by a handle. */
const SERVICES =
  'insta|instagram|ig|snap|snapchat|sc|venmo|cash ?app|cashtag|cash ?tag|paypal|tik ?tok|threads|mastodon|bluesky|bsky|reddit|telegram|tg|signal|wechat|kik|viber|xbox|psn|steam|twitch|youtube|linkedin|facebook|fb|messenger|discord|twitter|github|gitlab|keybase|strava|soundcloud|pinterest|tumblr|onlyfans|etsy|ebay|depop|vinted|vk|slack|matrix|revolut|monzo|bizum|line';

/** The words that those begin with. */
const SERVICE_WORDS = [...new Set(SERVICES.replace(/ \?\w+/g, '').split('|')), 'cashapp', 'tiktok'];

/** Labels of which the value is any word behind a sign. */
const OWN = [
  ...[
    'insta',
    'ig',
    'tg',
    'snap',
    'snapchat',
    'venmo',
    'cashapp',
    'cash app',
    'cashtag',
    'tiktok',
    'tik tok',
    'twitch',
  ],
  ...['psn', 'psn id', 'xbox live', 'steam id', 'wechat', 'wechat id', 'line id', 'kik', 'bluesky'],
  ...['ig handle', 'mastodon', 'reddit', 'paypal.me', 'keybase', 'revtag', 'user handle', 'userid'],
  ...['handle on', 'pseudo', 'nom d’usager', 'apodo', 'nutzername', 'anmeldename', 'kennung'],
];

const SHAPED = String.raw`(?!(?:19|20)\d\d(?![\w.-]))(?=[\p{L}.-]{0,38}(?:[\d_]|\.\p{L}))\p{L}[\p{L}\p{N}._-]{1,38}[\p{L}\p{N}]`;
const SIMPLE = String.raw`[A-Za-z_][\w.-]{1,31}`;
/** Accounts of a system, words of a manual and what stands for a name. */
const NOBODY = String.raw`(?!(?:root|admin|administrator|postgres|mysql|www-data|nginx|apache|nobody|daemon|git|ubuntu|debian|docker|jenkins|user|username|users|name|guest|test|default|group|if|not|exists|or|for|to|from|with|in|on|at|and|the|a|an|is|was|accounts?|tables?|input|list|roles?|creates?|create|delete|update|get|meta|application_password)(?![\w.-]))`;

/** What somebody does in a system under a name. */
const ENTRY =
  '(?:log(?:s|ged|ging)?|sign(?:s|ed|ing)?)[ -]?(?:in|on|into|onto|up)|connect(?:s|ed|ing)?|authenticat(?:es?|ed|ing)|registered|enrolled|known|playing|streams?|posts|tweets?|angemeldet|anmelden|eingeloggt|connectée?|connectez-vous|conectad[oa]|conéctese|accede|accedi|entr[ae]|ingelogd|zalogowan[ya]';

const ENTRY_WORDS =
  'log logs logged logging login logon loginto logsin sign signs signed signing signin signon signup connect connects connected connecting authenticate authenticates authenticated authenticating registered enrolled known playing stream streams posts tweet tweets angemeldet anmelden eingeloggt connecté connectée connectez conectado conectada conéctese accede accedi entra entre ingelogd zalogowany zalogowana'.split(
    ' ',
  );

export const USERNAME_CUES: readonly Pattern[] = [
  ...besideLabel(
    OWN,
    `[@$]?(?=\\p{L}|_)[\\p{L}\\p{N}._-]{2,39}(?<![._-])(?!@| \\p{Ll})`,
    {
      score: 0.8,
      needs: 'sign',
    },
    'of-service',
  ),
  ...besideLabel(
    OWN,
    String.raw`(?=[\p{L}]{0,38}[\d_.-])\p{L}[\p{L}\p{N}._-]{1,38}[\p{L}\p{N}](?!@)`,
    { score: 0.75, needs: 'verb' },
    'of-service-told',
  ),
  {
    // `find me on insta @bo.lund`, `venmo is @bo-lund-3`.
    name: 'service-and-handle',
    anchor: SERVICE_WORDS,
    regex: new RegExp(
      String.raw`(?<![\p{L}\p{N}_@.])(?:${SERVICES})(?![\p{L}\p{N}_@])(?:[ ,]{1,2}[\p{L}'’]{1,12}){0,4}[ :,(–-]{1,3}["'“]?(?<value>@[A-Za-z0-9_](?:[\w.-]{0,38}\w)?)(?![\w@])`,
      'giu',
    ),
    score: 0.9,
  },
  {
    name: 'cashtag',
    anchor: ['cash', 'cashapp', 'cashtag', 'venmo'],
    regex:
      /(?<![\p{L}\p{N}_@.])(?:cash ?app|cash ?tag|venmo)(?![\p{L}\p{N}_@])(?:[ ,]{1,2}[\p{L}'’]{1,12}){0,5}[ :,(–-]{1,3}["'“]?(?<value>\$[A-Za-z][\w-]{1,24})(?![\w@$])/giu,
    score: 0.9,
  },
  {
    // `sent to $bolund on Cash App`
    name: 'cashtag-before-service',
    anchor: { around: '$', before: 2, after: 60 },
    regex:
      /(?<![\w$])\$[A-Za-z][\w-]{2,24}(?=[ ,(]{1,2}(?:[\p{L}]{1,8} ){0,2}(?:cash ?app|venmo|cash ?tag)(?!\p{L}))/giu,
    score: 0.9,
  },
  {
    name: 'entered-as',
    anchor: ENTRY_WORDS,
    regex: new RegExp(
      String.raw`(?<![\p{L}\p{N}])(?:${ENTRY})(?: (?:to |on |with |at |over )?(?:(?:the|our|my|his|her|your) )?[\p{L}\p{N}-]{2,16})? (?:as|als|en tant que|comme|como|come|jako)(?: user)? ["'“@]?(?<value>${SHAPED})(?![\p{L}\p{N}_@]|[.:-][\p{L}\p{N}])`,
      'giu',
    ),
    score: 0.8,
  },
  {
    // `reset MFA for jokafor?`
    name: 'reset-for',
    anchor: ['mfa', '2fa', 'password', 'passcode', 'pw', 'login', 'vpn', 'authenticator'],
    regex: new RegExp(
      String.raw`(?<=(?<!\p{L})(?:[Rr]eset|[Uu]nlock|[Dd]isable|[Ee]nable|[Rr]evoke|[Ss]uspend)(?:s|d|ed|ing|ting)? (?:the )?)(?:MFA|2FA|mfa|2fa|password|passcode|pw|login|VPN|vpn|authenticator)(?: access| token| account)? (?:for|of) (?:user )?(?<value>${NOBODY}(?!(?:my|his|her|him|me|us|them|this|that|our|your|all|everyone|every|each|any|some|new|both|clients?|customers?|staff|someone|people|linux|windows|android|outlook|email|root|now|good|security|example)(?!\p{L}))[a-z][a-z\d._-]{3,20})(?=[?!.,;:)]|\s*$|\n| (?:please|asap|today|his|her|and|on|in|before|after|who|she|he|they|pls|thx)(?!\p{L}))`,
      'gmu',
    ),
    score: 0.75,
  },
  {
    name: 'nickname',
    anchor: ['nick', 'nickname', 'pseudo', 'spitzname', 'apodo', 'gamertag'],
    regex: new RegExp(
      String.raw`(?<![\p{L}\p{N}])(?:nick(?:name)?|pseudo|spitzname|apodo|gamertag)(?: [\p{L}]{1,12}){0,3}?(?: (?:to|is|ist|es|est|jest|è|é)|:| =) ["'“]?(?<value>${SHAPED})(?![\p{L}\p{N}_@]|[.:-][\p{L}\p{N}])`,
      'giu',
    ),
    score: 0.85,
  },
  {
    name: 'made-by-command',
    anchor: [
      'useradd',
      'adduser',
      'usermod',
      'userdel',
      'deluser',
      'createuser',
      'smbpasswd',
      'chpasswd',
      'htpasswd',
      'sudo',
      'wp',
      'net',
    ],
    regex: new RegExp(
      String.raw`(?<![\w.-])(?:(?:useradd|adduser|usermod|userdel|deluser|createuser|smbpasswd)(?: (?:-{1,2}[\w-]{1,20}(?:=\S{1,40})?(?: (?!-)\S{1,40}(?= \S))?)){0,5}|htpasswd(?: -\w{1,6}){0,3} [\w./-]{1,60}|sudo passwd(?: -\w{1,3}){0,2}|wp user (?:create|update|delete|get|reset-password)|net user(?= \S{1,40} (?:\S{1,60} )?\/(?:add|delete|active|domain)(?![\w-]))) (?<value>${NOBODY}${SIMPLE})(?=\s|$|;|&|\|)`,
      'g',
    ),
    score: 0.85,
  },
  {
    name: 'of-statement',
    anchor: ['create', 'alter', 'grant'],
    regex: new RegExp(
      String.raw`(?<!\w)(?:(?:create|alter) (?:user|role|login)(?: if (?:not )?exists)? |grant [\w, ]{1,60} on [\w.*"\x60]{1,60} to )["'\x60]?(?<value>${NOBODY}${SIMPLE})(?=["'\x60;@\s]|$)(?=["'\x60]?(?:@|;|\s{1,2}(?:with (?:password|login|encrypted|superuser|nologin|createdb|grant)|identified|for login|password|login|nologin|superuser|createdb|in role|default)|["'\x60]?\s{0,2}$))`,
      'gim',
    ),
    score: 0.85,
  },
  {
    // `--username bo`, `-U bo` of a client, `sudo -u bo`.
    name: 'option',
    anchor: ['user', 'username', 'login'],
    regex: new RegExp(
      String.raw`(?<=(?<![\w-])--(?:(?:db|http|remote|admin)[-_])?)(?:user(?:[-_]?name)?|login(?:[-_]?name)?)(?:=| )["']?(?<value>${NOBODY}(?!-)${SIMPLE})(?=["']?(?:\s|$|:))`,
      'gi',
    ),
    score: 0.8,
  },
  {
    name: 'client-option',
    anchor: [
      'psql',
      'pg',
      'mysql',
      'mysqldump',
      'mariadb',
      'sudo',
      'crontab',
      'smbclient',
      'sqlcmd',
    ],
    regex: new RegExp(
      String.raw`(?<![\w/-])(?:psql|pg_dump|mysql|mysqldump|mariadb|sudo|crontab|smbclient|sqlcmd) (?:[^\s|;]{1,40} ){0,4}?-[uU] ?(?<value>${NOBODY}${SIMPLE})(?=\s|$|%)`,
      'g',
    ),
    score: 0.8,
  },
  {
    name: 'of-file',
    anchor: ['chown'],
    regex: new RegExp(
      String.raw`(?<![\w-])chown (?:-\w{1,3} ){0,2}(?<value>${NOBODY}${SIMPLE})(?=:[\w-]{0,30} )`,
      'g',
    ),
    score: 0.85,
  },
  {
    // Of forums: `u/bolund`.
    name: 'forum-user',
    anchor: ['u'],
    regex: /(?<![\w.-])u\/(?<value>[A-Za-z][\w-]{2,20})(?![\w/])/g,
    score: 0.7,
  },
  {
    name: 'handle-with-digits',
    anchor: ['discord', 'blizzard', 'battletag', 'battle'],
    regex:
      /(?<!\w)(?:discord|blizzard|battle ?tag)(?!\w)[^\n]{0,24}?(?<![\w#])(?<value>[A-Za-z][\w.]{1,31}#\d{4,5})(?!\w)/gi,
    score: 0.9,
  },
  {
    name: 'directory-account',
    anchor: ['samaccountname', 'userprincipalname', 'logonname', 'identity'],
    regex:
      /(?<=-)(?:SamAccountName|LogonName|Identity) ["']?(?<value>[A-Za-z][\w.-]{1,30})(?=["']?(?:\s|$))/gi,
    score: 0.8,
  },
  {
    // host:port:database:user:password
    name: 'password-file',
    anchor: 'number',
    regex:
      /(?<=(?:^|\n)[^\s:]{1,80}:)(?:5[34]\d\d|64\d\d|3306|1433|1521|27017|6379):[\w*.-]{1,60}:(?<value>(?!error|warning|note|info|fatal)[A-Za-z_][\w.-]{1,60})(?=:[^\s:]{4,100}(?:\s|$))/g,
    score: 0.85,
  },
  {
    name: 'netrc',
    anchor: ['machine'],
    regex: /(?<!\w)machine \S{1,80}\s{1,3}login (?<value>[^\s@]{2,60})(?=\s{1,3}password )/g,
    score: 0.95,
  },
  {
    // A line of a dump: `jkemp:Wint3r!sun`.
    name: 'user-and-password',
    anchor: { around: 'number', before: 76, after: 50 },
    regex:
      /(?<=^|\n)[A-Za-z][\w.-]{2,30}(?=:(?=[^\s:/]{0,30}\d)(?=[^\s:/]{0,30}[a-z])(?=[^\s:/]{0,30}[A-Z])(?=[^\s:/]{0,30}[!#$%^&*?])[^\s:/\\"'<>(){}[\],;]{8,40}\s*(?:\n|$))/g,
    score: 0.6,
  },
  {
    name: 'mention-behind-deed',
    anchor: { around: '@', before: 16, after: 40 },
    regex:
      /(?<=(?<!\p{L})(?:by|from|follow|dm|cc|via|ping|thanks|tag|add|msg|message|handle|hi|hey|is) )@(?!(?:param|type|types|media|import|throws|return|returns|see|gmail|hotmail|yahoo|outlook|babel)\b)(?=[\w.-]{0,30}[a-z])[A-Za-z_][\w.-]{1,30}\w(?![\w@/])/giu,
    score: 0.7,
  },
];
