/** What leads to a secret, in the languages that are known. */
export const LABELS = [
  'pass',
  'password',
  'passphrase',
  'passcode',
  'passwd',
  'pwd',
  'pw',
  'passwort',
  'kennwort',
  'mot de passe',
  'contraseña',
  'senha',
  'wachtwoord',
  'lösenord',
  'hasło',
  'şifre',
  'пароль',
  '密码',
  'パスワード',
  '비밀번호',
  'secret',
  ...['api', 'access', 'secret', 'auth'].flatMap((of) => [`${of} key`, `${of} token`]),
  'token',
  'credential',
  'credentials',
];
/** Of what is locked; faults and answers of servers have codes as well, which are shorter. */
export const LOCKED = ['safe code', 'door code', 'gate code', 'unlock code'];
export const ALSO_OF_FAULTS = ['alarm code', 'access code', 'security code'];
