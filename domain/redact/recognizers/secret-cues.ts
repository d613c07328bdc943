import type { Pattern } from '../types.js';
import { besideLabel } from './labelled.js';

const list = (words: string): readonly string[] => words.split(', ');

/** The few digits that a card carries beside its number. */
const CARD_CODES = list(
  'cid, cvv, cvc, cvv2, cvc2, csc, cvn, cav, card verification, card verification value, card verification code, card security code, security code, security digits, digits on the back, number on the back, numbers on the back, code on the back, code on the reverse, code on the front, digits on the reverse, digits on the signature strip, back of the card, back of my card, back of your card, digit code, prüfziffer, prüfnummer, kartenprüfnummer, sicherheitscode, cryptogramme, cryptogramme visuel, code de sécurité, código de seguridad, codice di sicurezza, código de segurança, beveiligingscode, kod cvv, kod cvc, kod bezpieczeństwa',
);

/** Of doors, alarms, safes, boxes and phones. */
const LOCK_CODES = list(
  'keypad code, entry code, lock code, lockbox code, lock box code, key box code, key safe code, garage code, garage door code, disarm code, alarm pin, burglar code, panic code, duress code, intercom code, elevator code, lift code, locker code, locker combination, padlock combination, safe combo, safe combination, vault combination, vault code, voicemail pin, voicemail code, voicemail password, unlock pin, türcode, alarmcode, tresorcode, zugangscode, code d’entrée, code porte, code de la porte, code d’accès, digicode, code portail, código de acceso, código de alarma, código de la puerta, clave de acceso, codice allarme, codice cancello, codice porta, codice portone, codice del portone, codice del cancello, codice della porta, code de l’immeuble, code du portail, código del portal, codice di accesso, código do alarme, código do portão, código de acesso, deurcode, toegangscode, kod do bramy, kod do drzwi, kod alarmu',
);

/** The same by the thing alone, which comes in sizes and models as well. */
const LOCKS = list(
  'keypad, lockbox, lock box, key box, key safe, keysafe, padlock, combo, locker, safe, alarm, digicode, combination lock, bike lock',
);

/** What is sent to somebody who logs in. */
const SENT_CODES = list(
  'verification code, one-time code, one time code, one-time passcode, one time passcode, one-time password, otp, otp code, login code, sign-in code, backup code, recovery code, auth code, authentication code, sms code, texted code, mfa code, code we texted, code we sent, code i sent, code they sent, code they texted, code sent to me, code i got, code i received, code you sent, bestätigungscode, sicherheitscode, sms-code, einmalcode, code de vérification, code reçu, code de validation, código de verificación, codice di verifica, código de verificação, verificatiecode, kod weryfikacyjny, kod sms',
);

const WIFI_KEYS = list(
  'wifi key, wi-fi key, wifi code, wi-fi code, wifi pass, wi-fi pass, wifi pw, wi-fi pw, wlan key, network key, network security key, wireless key, wpa key, wpa2 key, wpa3 key, wpa2, wep key, psk, pre-shared key, wlan-schlüssel, wlan schlüssel, wlan-passwort, wlan passwort, clé wifi, clé wi-fi, code wifi, clave wifi, clave del wifi, chiave wifi, chiave wi-fi, senha do wifi, senha wi-fi, wifi-wachtwoord, wifi wachtwoord, hasło do wifi, hasło wifi',
);

const ANSWERS = list(
  'security answer, secret answer, security question answer, answer to security question, recovery answer, challenge answer, memorable word, secret word, safe word, security word, sicherheitsantwort, geheime antwort, réponse secrète, réponse de sécurité, respuesta secreta, respuesta de seguridad, risposta segreta, resposta secreta, resposta de segurança, geheim antwoord',
);

const MIXED = (least: number): string =>
  String.raw`(?=[^\s"']{0,80}[a-z])(?=[^\s"']{0,80}[A-Z])(?=(?:[^\s"'\d]{0,60}\d){2})[A-Za-z0-9+/_=.-]{${String(least)},200}`;
/** As a router's sticker or a voucher has it: capitals and digits, or small letters and digits. */
const PRINTED = String.raw`(?=[^\s"',;]{0,30}\d)(?=[^\s"',;]{0,30}[A-Za-z])[A-Za-z0-9!#$%&*@_+-]{8,63}`;

/** Where a command takes a password of its own: not a variable, not the next option. */
const TAKEN = String.raw`["']?(?<value>(?![-$<{*%"'])[^\s"']{4,200})`;
const LOCK_VALUE = String.raw`(?:[*#]?\d{4,8}[*#]?|\d{1,2}(?:[- ,–]{1,2}\d{1,2}){2,3}|[A-Z]?\d{4,6}[A-Z]?)(?![-.,:/]?\d| ?(?:%|mm|cm|m|kg|lbs?|inch)(?!\p{L}))`;

export const SECRET_CUES: readonly Pattern[] = [
  ...besideLabel(
    CARD_CODES,
    String.raw`(?!19\d\d|20[0-3]\d)\d{3,4}(?![-.,:/]\d| ?%)`,
    { score: 0.8, needs: 'verb' },
    'card-code',
  ),
  ...besideLabel(LOCK_CODES, LOCK_VALUE, { score: 0.96, needs: 'verb' }, 'lock-code'),
  ...besideLabel(LOCKS, LOCK_VALUE, { score: 0.96, needs: 'sign' }, 'lock'),
  ...besideLabel(
    SENT_CODES,
    String.raw`(?!(?:19|20)\d\d(?!\d))(?:[A-Z]-)?(?:\d{4,8}|\d{3}[ -]\d{3})(?![-.,:/]?\d| ?%)|(?=[A-Z]{0,7}\d)[A-Z\d]{6,8}|(?=[A-Z\d-]{0,24}\d)[A-Z\d]{4,5}(?:-[A-Z\d]{4,5}){1,4}`,
    { score: 0.8, farScore: 0.7 },
    'sent-code',
  ),
  ...besideLabel(WIFI_KEYS, PRINTED, { score: 0.8 }, 'network-key'),
  ...besideLabel(
    ANSWERS,
    String.raw`[\p{L}\p{N}][^"'\n,;.<>|{}()]{1,40}(?=["'\n,;.<>|})]|$)`,
    { score: 0.75, needs: 'sign' },
    'security-answer',
  ),
  ...besideLabel(
    ['identified by', 'pgpassword', 'mysql_pwd', 'redis_password'],
    String.raw`[^\s"',;<>]{4,100}`,
    { score: 0.85, needs: 'verb', farScore: 0.1 },
    'command-assignment',
  ),
  {
    // `PIN for his new card was changed to 4821`.
    name: 'pin-in-sentence',
    anchor: ['pin'],
    regex:
      /(?<!\w)P(?:IN|in) (?:[\p{L}'’-]{1,15} ){1,6}(?:to|is|was|as|be|=) (?<value>\d{4,6})(?!\d|[.,:/-]\d| ?%)/gu,
    score: 0.7,
  },
  {
    name: 'number-of-lock',
    anchor: { around: ['combo', 'combination'], before: 12, after: 150 },
    regex:
      /(?<=(?:(?:safe|vault|lock|locker|padlock|gate|gun|door|suitcase)['’]?s? (?:combo|combination)|(?:combo|combination) (?:to|for|of) (?:the|my|your|his|her|our) (?:[\p{L}-]{1,12} ){0,2}(?:safe|vault|lock|locker|padlock|gate|door|suitcase|gate|box)|(?:combo|combination)(?: ?:| is| was))(?!\p{L})[^\n]{0,100})(?<![\w-])(?=\d{0,2}-?\d{0,2}-?\d\d)\d{1,2}-\d{1,2}-\d{1,2}(?:-\d{1,2})?(?![\w-])|(?<=(?:combo|combination)[ :]{1,2}(?:is )?)(?:[RL]\d{1,2}|\d{1,2}[RL])(?:[- ](?:[RL]\d{1,2}|\d{1,2}[RL])){2,3}(?![\w-])/giu,
    score: 0.97,
  },
  {
    name: 'code-for-door',
    anchor: ['code'],
    regex:
      /(?<!\p{L})code (?:for|to|of|on) (?:the|my|our|your|his|her|their) (?:[\p{L}-]{1,12} ){0,2}(?:door|gate|alarm|safe|garage|house|building|lock|lockbox|keypad|entrance|lobby|office|shed|apartment|flat|lift|elevator|locker|barrier|annexe|store ?room)(?: ?[:=]| is| was)(?: now| still)? (?<value>[*#]?\d{4,8}[*#]?)(?![-.,:/]?\d| ?%)/giu,
    score: 0.85,
  },
  {
    // `the alarm code for the shop has been changed to 5518#`
    name: 'code-changed',
    anchor: ['alarm', 'door', 'gate', 'keypad', 'entry', 'safe', 'lock', 'garage', 'lockbox'],
    regex:
      /(?<!\p{L})(?:alarm|door|gate|keypad|entry|safe|lock|garage|lockbox) code [^\n.\d]{0,50}(?:changed|set|reset|updated) to (?<value>[*#]?\d{4,8}[*#]?)(?![-.,:/]?\d| ?%)/giu,
    score: 0.9,
  },
  {
    // `keybox by the meter, code 0719`
    name: 'code-of-box',
    anchor: ['keybox', 'key', 'lockbox', 'lock', 'keysafe', 'keypad', 'gate', 'front'],
    regex:
      /(?<!\p{L})(?:key ?box|lock ?box|key ?safe|keypad|gate|front door)(?!\p{L})[^\n.\d]{0,40}(?<!\p{L})code(?: is|:)? (?<value>[*#]?\d{4,6}[*#]?)(?![-.,:/]?\d| ?%|\p{L})/giu,
    score: 0.85,
  },
  {
    // `the code 993 418 that you texted`
    name: 'code-that-was-sent',
    anchor: ['code', 'passcode'],
    regex:
      /(?<!\p{L})(?:pass)?code (?<value>\d{3}[ -]\d{3}|\d{4,8})(?= (?:[\p{L}'’]{1,10} ){0,4}(?:texted|sent|e-?mailed|messaged)(?!\p{L}))/giu,
    score: 0.85,
  },
  {
    name: 'opened-with',
    anchor: ['disarm', 'disarms', 'unlock', 'unlocks', 'unset', 'safe', 'gate', 'alarm'],
    regex:
      /(?<!\p{L})(?:(?:disarm|unlock|unset)s?(?: [\p{L}-]{1,10}){0,3}|(?:safe|gate|alarm)(?: (?:opens|unlocks|is opened|is unlocked|is set|is armed|is disarmed))) (?:with|by)(?: code| the code)? (?<value>[*#]?\d{4,8}[*#]?|\d{1,2}-\d{1,2}-\d{1,2})(?![-.,:/]?\d| ?%| \p{Ll}{3,}s(?!\p{L}))/giu,
    score: 0.96,
  },
  {
    name: 'word-told',
    anchor: ['memorable', 'security', 'secret', 'safe'],
    regex:
      /(?<!\p{L})(?:(?:memorable|security|secret|safe) word|(?:security|secret) answer) is ["'“]?(?<value>(?!required|wrong|correct|incorrect|missing|hidden|stored|invalid|empty|encrypted|hashed|mandatory|optional|needed|case|unknown|blank|the|not|now|set)[\p{L}\d]{4,24})(?=["'”.,;!?\n]|$)/giu,
    score: 0.7,
  },
  {
    name: 'answer-to-question',
    anchor: ['security', 'secret'],
    regex:
      /(?<!\p{L})(?:security|secret) question[^\n]{0,80}?(?<!\p{L})(?:answer|ans|A) ?[:=] ?["'“]?(?<value>[\p{L}\d][\p{L}\d '’-]{1,30})(?=["'”.,;!?\n]|$)/giu,
    score: 0.7,
  },
  {
    // `login: bo / Kite!88`
    name: 'behind-slash',
    anchor: ['login', 'logon', 'user', 'username', 'creds', 'credentials'],
    regex:
      /(?<!\p{L})(?:login|logon|user(?:name)?|creds|credentials)(?: ?[:=] ?| )[\w.@+-]{2,40} \/ (?<value>(?=\S{0,30}\d)(?=\S{0,30}[A-Za-z])[^\s"'<>/]{6,40})(?=\s|$)/giu,
    score: 0.75,
  },
  {
    name: 'told-as-code',
    anchor: 'number',
    regex:
      /(?<![\w.,/-])(?:[A-Z]-)?(?:\d{4,8}|\d{3}[ -]\d{3})(?= is your (?:[\p{L}\p{N}'’-]{1,20} ){0,4}(?:code|passcode|otp|pin|password)(?!\p{L}))|(?<=(?<!\p{L})(?:[Uu]se|[Ee]nter) )\d{4,8}(?= (?:as your (?:[\p{L}'’-]{1,20} ){0,3}(?:code|passcode|otp|pin|password)(?!\p{L})|to (?:verify your|log in|sign in|confirm your)))/gu,
    score: 0.85,
  },
  {
    name: 'code-read-aloud',
    anchor: ['code', 'digits'],
    regex:
      /(?<!\p{L})(?:code|digits) (?:[\p{L}'’-]{1,12} ){0,7}(?:read|given|said|repeated)(?: (?:out|aloud|back|over|as)){0,2} (?:as |was )?(?<value>\d{3,8})(?!\d|[.,:/-]\d| ?%)/giu,
    score: 0.75,
  },
  {
    name: 'network-and-key',
    anchor: ['wifi', 'wi', 'wlan', 'ssid', 'network', 'router', 'hotspot', 'réseau', 'netzwerk'],
    regex: new RegExp(
      String.raw`(?<!\p{L})(?:wi-?fi|wlan|ssid|network|router|hotspot|réseau|netzwerk)(?!\p{L})[^\n]{0,60}?(?<![\p{L}-])(?:(?:key|pass|pw|clé|clave|schlüssel|chiave|senha)(?:[ :=]{1,3}| is )|code(?: ?[:=] ?| is ))["']?(?<value>${PRINTED})(?![\w-])`,
      'giu',
    ),
    score: 0.8,
  },
  {
    name: 'mixed-behind-word',
    anchor: ['secret', 'key', 'token', 'apikey', 'credential'],
    regex: new RegExp(
      String.raw`(?<!\w|public |foreign |primary |host )(?:[Ss]ecret|SECRET|[Kk]ey|KEY|[Tt]oken|TOKEN|[Aa]pi[Kk]ey|[Cc]redential)["'\x60]?(?: ?[:=] ?| is | )["'\x60]?(?<value>${MIXED(20)})(?![\w/+])`,
      'gu',
    ),
    score: 0.8,
  },
  {
    // `--db-password X`; what has an equals sign may hold any sign.
    name: 'option',
    anchor: ['pass', 'password', 'passwd', 'passphrase', 'pwd', 'secret', 'token', 'key'],
    regex: new RegExp(
      String.raw`(?<=(?<![\w-])--(?:[A-Za-z]{1,15}[-_]){0,3})(?:pass|password|passwd|passphrase|pwd|secret|token|(?<=(?:api|access|secret|private|auth)[-_])key)(?:=| )${TAKEN}`,
      'gi',
    ),
    score: 0.85,
  },
  {
    name: 'short-option',
    anchor: ['mysql', 'mysqldump', 'mysqladmin', 'mariadb', 'sshpass', 'docker'],
    regex: new RegExp(
      String.raw`(?<![\w/-])(?:(?:mysql|mysqldump|mysqladmin|mariadb)[ ](?:[^\s|;]{1,40} ){0,6}-p|sshpass -p ?|docker login (?:[^\s|;]{1,60} ){0,4}-p )${TAKEN}`,
      'g',
    ),
    score: 0.85,
  },
  {
    name: 'windows-account',
    anchor: ['net'],
    regex: /(?<!\w)net user [\w.-]{2,40} (?<value>[^\s/*]{4,60})(?= \/add)/gi,
    score: 0.9,
  },
  {
    // host:port:database:user:password
    name: 'password-file',
    anchor: 'number',
    regex:
      /(?<=(?:^|\n)[^\s:]{1,80}:)(?:5[34]\d\d|64\d\d|3306|1433|1521|27017|6379):[\w*.-]{1,60}:(?!error|warning|note|info|fatal)[\w*.-]{1,60}:(?<value>[^\s:]{4,100})(?=\s|$)/g,
    score: 0.9,
  },
  {
    name: 'netrc',
    anchor: ['machine'],
    regex:
      /(?<!\w)machine \S{1,80}\s{1,3}login \S{1,60}\s{1,3}password (?<value>\S{4,100})(?=\s|$)/g,
    score: 0.95,
  },
  {
    // As crypt(3) writes it.
    name: 'password-hash',
    anchor: { around: '$', before: 2, after: 160 },
    regex:
      /(?<![\w$])\$(?:apr1|2[abxy]|[1567y]|argon2(?:id|i|d))\$[./A-Za-z0-9$=,+-]{20,140}(?![./A-Za-z0-9$])/g,
    score: 0.95,
  },
  {
    // A line of a dump: `jkemp:Wint3r!sun`.
    name: 'user-and-password',
    anchor: { around: 'number', before: 80, after: 50 },
    regex:
      /(?<=(?:^|\n)(?:[A-Za-z][\w.-]{2,30}|[\w.+-]{2,40}@[\w.-]{3,40}):)(?=[^\s:/]{0,30}\d)(?=[^\s:/]{0,30}[a-z])(?=[^\s:/]{0,30}[A-Z])(?=[^\s:/]{0,30}[!#$%^&*?])[^\s:/\\"'<>(){}[\],;]{8,40}(?=\s*(?:\n|$))/g,
    score: 0.6,
  },
];
