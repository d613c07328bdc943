// What looks like an identifier and is none, or is one of another kind (marked as that).
import { luhnDigit, mod11And10 } from './check-digits.js';
import { CAPITALS, HEX, two, type Draw } from './draw.js';
import { mark, type HardNegatives } from './kinds.js';

type Write = (draw: Draw) => string;
const from =
  (template: string): Write =>
  (draw) =>
    draw.fill(template);
const hex = (draw: Draw, length: number): string => draw.of(HEX, length);

/** A number whose last digit is not the one that Luhn wants. */
const wrongLuhn = (draw: Draw, body: string): string =>
  body + String((Number(luhnDigit(body)) + draw.int(1, 9)) % 10);

const untyped =
  (label: string, value: Write): Write =>
  (draw) =>
    `${label} ${value(draw)}`;

/** By type: wrong length, wrong check digit, another kind. */
export const HARD_NEGATIVES: HardNegatives = {
  CREDIT_CARD: [
    (draw) => `reference ${wrongLuhn(draw, `4${draw.fill('##############')}`)}`,
    (draw) => wrongLuhn(draw, `51${draw.fill('#############')}`),
    from('4### #### ####'),
    (draw) => `id ${draw.fill('9###################')}`,
  ],
  IBAN_CODE: [
    from('sha DE## ####'),
    from('XX################'),
    from('lot AB##CD##EF##'),
    from('ZZ## #### #### #### ####'),
  ],
  BANK_CODE: [
    from('DEPARTMENT'),
    from('swift answer in ## minutes'),
    untyped('lot', from('#########')),
    () => 'SECURITY AND DATABASE',
  ],
  CRYPTO_ADDRESS: [
    (draw) => `1${draw.of('ABCDEFGHJKLMNPQRSTUVWXYZabcdefgh', 33)}`,
    (draw) => `0x${hex(draw, 64)}`,
    (draw) => `0x${hex(draw, 38)}`,
    from('bc1'),
  ],
  US_SSN: [
    from('code ###-##-###'),
    from('lot #########'),
    from('part no. ####-##-####'),
    from('part ###-##-####-#'),
  ],
  PHONE_NUMBER: [
    (draw) => mark('DATE', `2024-${two(draw.int(1, 12))}-${two(draw.int(1, 28))}`),
    (draw) => `from ${String(draw.int(1960, 1999))} to ${String(draw.int(2000, 2025))}`,
    (draw) => `order ${draw.fill('212555####')}`,
    from('total #,###,###.##'),
    from('lot ###-####-###'),
    (draw) => `due ${mark('DATE', `${two(draw.int(1, 12))}/${two(draw.int(13, 28))}/2025`)}`,
  ],
  IP_ADDRESS: [
    from('version 1.2.3.##'),
    from('###.999.##.#'),
    from('section 4.1.2.#'),
    () => 'std::vector::size',
    from('1.2.3.4.##'),
  ],
  MAC_ADDRESS: [
    from('&&:&&:&&:&&:&&'),
    from('&&-&&-&&'),
    from('&&:&&:&&:&&:&&:&&:&&'),
    from('&&&&.&&&&'),
  ],
  EMAIL_ADDRESS: [
    () => '@media (max-width: 9em)',
    from('## @ #.## each'),
    () => 'user@localhost',
    () => 'git@{upstream}~2',
  ],
  URL: [
    () => 'README.md and setup.py',
    () => 'e.g. this, i.e. that',
    () => 'Node.js',
    from('main.rs:##'),
    () => 'end of line.Then more',
  ],
  USERNAME: [
    () => 'the user is required to log in',
    from('user ## times'),
    () => 'login failed again',
    () => 'username must not be empty',
  ],
  STREET_ADDRESS: [
    from('## people on the road'),
    from('Error 4## Page Not Found'),
    from('# Days on the Road'),
    () => 'we drive the way it was',
  ],
  POSTAL_CODE: [
    from('lot #####'),
    from('##### rows'),
    from('zip file ##'),
    from('area @# is closed'),
  ],
  COORDINATES: [
    from('mean 0.###, 0.###'),
    from('v1.###.###'),
    from('2##.####, 3##.####'),
    from('loss 1.#### 2.####'),
  ],
  US_PASSPORT: [
    () => 'passport renewal in 2024',
    from('lot @########'),
    () => 'passport office hours',
    from('passport fee ###'),
  ],
  PASSPORT: [
    () => 'Reisepass verloren',
    from('box C##X##T##'),
    () => 'Personalausweis bitte mitbringen',
    () => 'passeport perdu',
  ],
  DRIVER_LICENSE: [
    from('model @#######'),
    () => 'driver license renewal',
    () => 'driving license test in May',
    from('license v#.#'),
  ],
  MEDICAL_RECORD_NUMBER: [
    from('patient ## of ##'),
    () => 'MRN unknown',
    from('the chart shows # peaks'),
    () => 'patient was not seen',
  ],
  VEHICLE_ID: [
    from('hash ??????????????#??'),
    from('plate ## of ##'),
    () => 'registration opens in May',
    () => 'registration 2024',
    from('#################'),
  ],
  DEVICE_ID: [
    from('serial port #'),
    from('device ## of ##'),
    () => 'serial killer',
    from('lot 35#############'),
  ],
  BIOMETRIC_ID: [
    () => 'fingerprint reader broken',
    () => 'biometric login failed',
    from('fingerprint ## of ##'),
    () => 'iris was planted',
  ],
  UUID: [
    () => '00000000-0000-0000-0000-000000000000',
    (draw) => `${hex(draw, 8)}-${hex(draw, 4)}-${hex(draw, 4)}`,
    (draw) => `etag "${hex(draw, 32)}"`,
    (draw) => `${hex(draw, 8)}-${hex(draw, 4)}-${hex(draw, 4)}-${hex(draw, 4)}-${hex(draw, 11)}`,
  ],
  NATIONAL_ID: [
    from('lot ###########'),
    from('batch ###.###.###-#'),
    from('code @@######@@'),
    from('ref ######-###'),
  ],
  TAX_ID: [
    from('lot ##-########'),
    from('batch ###########'),
    (draw) => {
      const body = draw.fill('3#######');
      return `lot DE${body}${String((Number(mod11And10(body)) + 3) % 10)}`;
    },
    from('zone @@@#'),
  ],
  HEALTH_ID: [
    () => 'medicare part B',
    () => 'health insurance costs',
    from('beneficiary ##'),
    from('lot ##########'),
  ],
  LICENSE_NUMBER: [
    () => 'license agreement',
    from('certificate 20##'),
    from('permit ##'),
    from('lot @@#######'),
  ],
  CASE_NUMBER: [
    from('support case ##### was closed'),
    from('Act no. ##/19##'),
    from('## of ## cases'),
    from('docket entry ##'),
  ],
  ACCOUNT_NUMBER: [
    () => 'account since 2019',
    from('policy of ## days'),
    from('customer paid ##'),
    from('account ##'),
    from('group # of #'),
  ],
  MONEY: [
    from('## people'),
    () => 'the dollar fell',
    from('item ###'),
    from('$x = ##;'),
    () => 'euro zone',
  ],
  DATE: [
    from('4#/6#/2024'),
    from('ratio 3/#'),
    from('version ##.#.#'),
    from('10-20-30-##'),
    () => 'the march of time',
    () => 'in 2024',
  ],
  DATE_OF_BIRTH: [
    (draw) => `due on ${mark('DATE', `${two(draw.int(1, 12))}/${two(draw.int(13, 28))}/2024`)}`,
    () => 'born ready',
    from('DOB ##'),
    (draw) => `shipped ${mark('DATE', `2023-0${draw.of('123456789', 1)}-1${draw.fill('#')}`)}`,
  ],
  TIME: [
    from('ratio 3:2#'),
    from('25:6#'),
    from('version #'),
    from('&&:&&:&&:&&'),
    from('John 3:16'),
  ],
  AGE: [
    from('page ##'),
    from('## years ago'),
    from('stage #'),
    () => 'age group',
    from('for ## years'),
  ],
  AGE_OVER_89: [
    from('page 9#'),
    from('9# years ago'),
    from('room 9#'),
    from('aged 9#% of'),
    from('for 9# years'),
  ],
  SPECIAL_CATEGORY: [
    () => 'union of sets',
    () => 'a healthy build',
    () => 'party at noon',
    () => 'a gene pool',
    () => 'the orthodox way to do it',
  ],
  SECRET: [
    () => 'reset my password please',
    () => 'password is required',
    () => 'token ring network',
    (draw) => `key-value-store-${draw.of(CAPITALS.toLowerCase(), 8)}`,
    () => 'the secret of success',
    () => 'password: ',
  ],
};
