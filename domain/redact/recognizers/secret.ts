import type { Recognizer } from '../types.js';
import { besideLabel, besideUnspaced, isUnspaced } from './labelled.js';
import { SECRET_CUES } from './secret-cues.js';
import { untilFieldEnd } from './url.js';
import { LABELS, LOCKED, ALSO_OF_FAULTS } from './secret-words.js';

/** Without a sign behind them; what follows has to look like a secret. */
const SENTENCE_LABELS = [
  ...LABELS.filter((label) => !/^(?:pass$|secret|credential)/.test(label)),
  '暗証番号',
  '口令',
];
const CODE = String.raw`(?=(?:[^\s\d"'\x60,;<>]{0,4}\d){4})[A-Za-z\d#*][A-Za-z\d#*-]{3,40}`;

const SPACED = SENTENCE_LABELS.filter((label) => !isUnspaced(label));
/** In other languages than English what follows is said of passwords as often as it is one. */
const ABROAD =
  /^(?:passwort|kennwort|mot de passe|contraseña|senha|wachtwoord|lösenord|hasło|şifre|пароль)$/;
/** A unit of what a password is written with beside a label in Chinese, Japanese or Korean. */
const ASCII = String.raw`[A-Za-z\d!#$%&()*+./?@^_{}~-]`;

/** The name of the next field of a log: `got="..."`. */
const KEY = String.raw`(?<!["'\x60])[\w.-]{1,40}=["'](?=[^\s"',}])`;
/** What stands for a secret that is kept elsewhere. */
const VARIABLE = String.raw`\$(?:[A-Z][A-Z_]{2,40}(?![^\s"'])|[{(])`;

export const secret: Recognizer = {
  name: 'secret',
  type: 'SECRET',
  patterns: [
    {
      name: 'private-key',
      anchor: { around: 'begin', before: 12, after: 8400 },
      regex:
        /-----BEGIN (?:[A-Z]{1,12} ){0,3}PRIVATE KEY-----[^-]{0,8000}(?:-----END (?:[A-Z]{1,12} ){0,3}PRIVATE KEY-----)?/g,
      score: 0.99,
    },
    {
      name: 'json-web-token',
      anchor: 'number',
      regex: /(?<![\w-])eyJ[\w-]{8,2000}\.[\w-]{8,4000}\.[\w-]{8,2000}(?![\w-])/g,
      score: 0.99,
    },
    {
      name: 'cloud-key',
      anchor: 'number',
      regex:
        /(?<![\w-])(?:(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[\w-]{35}|LTAI[A-Za-z0-9]{16,24})(?![\w-])/g,
      score: 0.97,
    },
    {
      name: 'forge-token',
      anchor: ['ghp', 'gho', 'ghu', 'ghs', 'ghr', 'github', 'glpat', 'npm', 'pypi', 'hf', 'dckr'],
      regex:
        /(?<![\w-])(?:gh[pousr]_|github_pat_|glpat-|npm_|pypi-|hf_|dckr_pat_)[\w-]{20,200}(?![\w-])/g,
      score: 0.97,
    },
    {
      name: 'service-token',
      anchor: [
        'xoxb',
        'xoxa',
        'xoxp',
        'xoxr',
        'xoxs',
        'sk',
        'pk',
        'rk',
        'whsec',
        'sg',
        'key',
        'shpat',
        'dop',
      ],
      regex:
        /(?<![\w-])(?:xox[abprs]-|[spr]k[-_](?:live[-_]|test[-_]|proj[-_]|ant[-_])?|whsec_|SG\.|key-|shpat_|dop_v1_)(?=[\w.-]{0,40}\d)[\w.-]{16,200}(?![\w-])/g,
      score: 0.97,
    },
    {
      name: 'connection-string',
      anchor: 'scheme',
      regex:
        /(?<![\w+.-])[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@]{1,100}:[^\s@/]{1,200}@[^\s"'<>`]{1,300}/gi,
      score: 0.96,
    },
    {
      // Of a command: `curl -u name:password`.
      name: 'command-line',
      anchor: ['curl', 'wget', 'http', 'https', 'httpie', 'mysql', 'mysqldump'],
      regex:
        /(?<![\w./-])(?:curl|wget|https?|httpie|mysql|mysqldump)(?= )[^\n]{0,120}?\s(?:-u|--user)[ =]["']?[\w.@-]{1,60}:(?!\d{1,5}(?![^\s"'])|[$/])(?<value>[^\s"']{4,80})(?=["'\s]|$)/g,
      score: 0.85,
    },
    {
      // In a later line of one.
      name: 'command-line-below',
      anchor: { around: ['u', 'user'], before: 14, after: 140 },
      regex:
        /(?<=\\\r?\n[ \t]{0,8})(?:-u|--user)[ =]["']?[\w.@-]{1,60}:(?!\d{1,5}(?![^\s"'])|[$/])(?=[^\s"']{0,60}\d)(?<value>[^\s"']{4,80})(?=["'\s]|$)/g,
      score: 0.85,
    },
    {
      // Base32, as authenticator apps take it.
      name: 'one-time-password',
      anchor: 'number',
      regex:
        /(?<=(?<!\w)(?:otpauth|totp|otp|mfa|2fa|authenticator)(?!\w)[^\n]{0,60})(?<![A-Za-z\d])(?=[A-Z]{0,20}[2-7])[A-Z2-7]{16,64}(?![A-Za-z\d])/gi,
      score: 0.9,
    },
    {
      name: 'bearer',
      anchor: ['bearer', 'basic'],
      regex: /(?<![\w])(?:bearer|basic) (?<value>[A-Za-z0-9_\-.~+/]{16,2000}={0,2})(?![\w])/gi,
      score: 0.9,
    },
    ...besideLabel(
      LABELS.filter((label) => !isUnspaced(label) && !ABROAD.test(label)),
      String.raw`(?!${KEY}|${VARIABLE})[^\s"'\x60,;<>\[\]|*:=_][^\s"'\x60,;<>\[\]]{3,199}`,
      { score: 0.85, needs: 'sign' },
      'password-assignment',
    ),
    // All that its line has behind the sign.
    ...besideLabel(
      LABELS.filter((label) => ABROAD.test(label)),
      String.raw`(?!${KEY}|${VARIABLE})[^\s"'\x60,;<>\[\]|*:=_][^\s"'\x60,;<>\[\]]{3,63}(?=[ \t]{0,4}(?:[\r\n,;"'<}]|$))`,
      { score: 0.8, needs: 'sign' },
      'password-alone',
    ),
    ...besideLabel(
      SPACED,
      String.raw`(?!${KEY}|${VARIABLE}|[=:^([{]|#\p{L}+(?!\S))(?=[^\s"'\x60,;<>]{0,60}\d|[^\s"'\x60,;<>]{0,60}[!#$%^&*+=~])[^\s"'\x60,;<>\[\]|]{3,64}`,
      { score: 0.7, needs: 'verb' },
      'password-sentence',
    ),
    ...besideUnspaced(
      SENTENCE_LABELS,
      String.raw`[A-Za-z\d!#$%&*+.?@^~]${ASCII}{3,64}(?!\p{L})`,
      { score: 0.85, needs: 'sign' },
      'unspaced-assignment',
    ),
    ...besideUnspaced(
      SENTENCE_LABELS,
      String.raw`(?!\d{4}[-/]\d)(?=${ASCII}{0,60}[\d!#$%^&*+~])${ASCII}{4,64}`,
      { score: 0.7, needs: 'link' },
      'unspaced-sentence',
    ),
    ...besideLabel(LOCKED, CODE, { score: 0.7, needs: 'verb' }, 'lock-beside-label'),
    ...besideLabel(ALSO_OF_FAULTS, CODE, { score: 0.7, needs: 'link' }, 'alarm'),
    // `pin 9 is ground`, but `PIN 4821`.
    ...besideLabel(
      ['pin', 'pin code', 'geheimzahl'],
      String.raw`\d{4,8}(?![-.,:/]\d)`,
      { score: 0.7 },
      'pin',
    ),
    ...SECRET_CUES,
  ],
  trim: (value) =>
    (value.includes('://') ? untilFieldEnd(value) : value.replace(/&\w{1,40}=.*$/, '')).replace(
      /[.,;:!?)\]}]{1,3}$/,
      (end) => (/^[!?]/.test(end) ? end.charAt(0) : ''),
    ),
  matches: [
    ['{"password": "Tr0ub4dor="}', 'Tr0ub4dor='],
    ["API_KEY='c2VjcmV0LXBhc3N3b3I='", 'c2VjcmV0LXBhc3N3b3I='],
    ['field=password got="Thunder16!" action=retry', 'Thunder16!'],
    ['password: hunter2!', 'hunter2!'],
    ['the password is Tr0ub4dor&3.', 'Tr0ub4dor&3'],
    ['key AKIAIOSFODNN7EXAMPLE ok', 'AKIAIOSFODNN7EXAMPLE'],
    ['postgres://app:s3cr3t@db.example.com/x', 'postgres://app:s3cr3t@db.example.com/x'],
    ['api_key=abcd1234efgh', 'abcd1234efgh'],
    ['PIN 4821', '4821'],
    ['Mot de passe provisoire : Soleil.1984.Bleu', 'Soleil.1984.Bleu'],
    [
      "otpauth secret for Jorge's MFA: HR2CRKHU5WW7JWOCJ2DN4AU27IQP5S5R",
      'HR2CRKHU5WW7JWOCJ2DN4AU27IQP5S5R',
    ],
    ['curl -u deploybot:Xk29sLm0qR -T build.tgz', 'Xk29sLm0qR'],
    ['curl -s \\\n  --user "jo:Xk29s/Lm0qR"', 'Xk29s/Lm0qR'],
    ['新密码是Kx92mLp1，请', 'Kx92mLp1'],
    ['パスワードはKx92mLp1です', 'Kx92mLp1'],
    ['密码：tulip-Ferry', 'tulip-Ferry'],
    ['비밀번호는 Kx92mLp1 입니다', 'Kx92mLp1'],
    ['Hasło: Zamek77', 'Zamek77'],
    ['Benutzer: kk7, Passwort: Sommer', 'Sommer'],
    ['gate code 4471, leave it', '4471'],
    ['the alarm code is 88213.', '88213'],
    ['security code: 4471#', '4471#'],
    ['The door code is 40-17-88-02, keep', '40-17-88-02'],
    [
      '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----',
      '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----',
    ],
    [
      'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0abc.c2lnbmF0dXJlMTIz',
      'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0abc.c2lnbmF0dXJlMTIz',
    ],
    ['the three digits on the back are 907, thanks', '907'],
    ['Amex (CID 8210)', '8210'],
    ['CVV: 331', '331'],
    ['PIN for his new card was changed to 6612', '6612'],
    ['The keypad code for the nurse is 5540#', '5540#'],
    ['alarm code is 9021*', '9021*'],
    ['safe combination 11-42-07, before that 30-02-19', '11-42-07', '30-02-19'],
    ['lockbox: 4417', '4417'],
    ['combo: 12R-31L-8R', '12R-31L-8R'],
    ['The code for the side door is 7718.', '7718'],
    ['disarm it with 6620 then', '6620'],
    ['her memorable word is marmalade.', 'marmalade'],
    ['Security question: first pet? Answer: Waffles', 'Waffles'],
    ['ftp login: bo_l / Kite!88', 'Kite!88'],
    ['network BT-HUB7, key 4KQPX82MTR', '4KQPX82MTR'],
    ['Wi-Fi key: 9f3k20dk11', '9f3k20dk11'],
    ['the code we texted, G-220917', 'G-220917'],
    ['the four-digit code on it was read out as 5107', '5107'],
    ['441902 is your Acme verification code', '441902'],
    ['"security_answer":"Marmalade"', 'Marmalade'],
    ['Security answer: grey tabby van, asked twice', 'grey tabby van'],
    ['secret qZt3LmW0xv92KsTTaB41 leaked', 'qZt3LmW0xv92KsTTaB41'],
    ['run --db-password Kite.88.moon now', 'Kite.88.moon'],
    ['mysql -u shop -pKite88moon db', 'Kite88moon'],
    ['db1:5432:sales:rep1:Kite-88-moon\n', 'Kite-88-moon'],
    ['machine a.example login bo password Kite88\n', 'Kite88'],
    ['net user temp01 Kite!88 /add', 'Kite!88'],
    [
      'bo:$2y$10$abcdefghijklmnopqrstuvABCDEFGHIJ0123456789./abcde:',
      '$2y$10$abcdefghijklmnopqrstuvABCDEFGHIJ0123456789./abcde',
    ],
    ['user dump\nbo.lund:Kite!88moon\n', 'Kite!88moon'],
    ["CREATE USER bo IDENTIFIED BY 'Kite!88'", 'Kite!88'],
  ],
  rejects: [
    'reset my password please',
    'password is required',
    'token ring',
    'pin board',
    'the pin header is 2x20, pin 7 is GPIO4',
    'task-force-for-everyone-here',
    'パスワードは8文字以上で設定してください',
    'パスワードはLastPassで管理',
    '密码长度至少8位',
    '密码学2024年会',
    '密码：8位以上',
    '密码: 必填',
    '비밀번호: 변경필요',
    'senha: obrigatória',
    'mot de passe : obligatoire',
    'пароль: обязательный',
    'Contraseña: mínimo 8 caracteres',
    'Passwort: mindestens 12 Zeichen',
    'Wachtwoord: minimaal',
    'Hasło: reklamowe z radia',
    'Alarm code: E-204',
    'alarm code A1234 indicates overload',
    'Access code 403 forbidden',
    'the access code is 403',
    'door code 7b',
    'docker run -u 1000:1000 app',
    'docker run --user 1001:1001 curl',
    'git push -u origin:main',
    'rsync -u backup:/srv/data .',
    'sudo -u postgres:postgres psql',
    'tool --user name:required',
    'docker run \\\n  -u node:node app',
    'curl -u admin:$TOKEN https://example.com',
    'curl -u 1000:1000 example.com',
    'three digits on the back of each ticket',
    'The security code review found 120 issues',
    'the lock code path takes 12000 cycles',
    'The winning combination 4-4-2 was used',
    'a padlock 1200 mm long',
    'The OTP 2024 edition',
    'network code review20 starts',
    'name:foo-bar!2',
    'the combination of 12 parts',
    'the code for the house style is here',
    'security answer is required.',
    'unlock rewards with 5000 points',
    'PIN for the card is 12.5 mm wide',
    'a safe combination of drugs',
    'the key UserAccountTable is primary',
    'network key performance indicators 2024',
    'security answer is required',
    '--password $DB_PASSWORD --token <token>',
    'main.c:5432:10:error:expected',
    'one-time code review of 120000 lines',
    'we sent the code to 1200 people',
    'secret 20 years later',
    'recipe: keypad 12 keys',
  ],
};
