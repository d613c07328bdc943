import type { Recognizer } from '../types.js';
import { accountNumber } from './account-number.js';
import { nationalId, taxNumber } from './any-country.js';
import { addressCity } from './address-city.js';
import { creditCard } from './credit-card.js';
import { cryptoAddress } from './crypto-address.js';
import { dateOfBirth } from './date-of-birth.js';
import { driverLicense } from './driver-license.js';
import { emailAddress } from './email-address.js';
import { ibanCode } from './iban-code.js';
import { INTERCHANGE_FIELDS } from './interchange-fields.js';
import { ipAddress } from './ip-address.js';
import { macAddress } from './mac-address.js';
import { medicalRecordNumber } from './medical-record-number.js';
import { personCues } from './person-cues.js';
import { rankCues, relationCues } from './relation-cues.js';
import { phoneLabel } from './phone-label.js';
import { phoneNumber } from './phone-number.js';
import { postalCode } from './postal-code.js';
import { secret } from './secret.js';
import { streetAddress } from './street-address.js';
import { streetBeforeNumber } from './street-before-number.js';
import { url } from './url.js';
import { usPassport } from './us-passport.js';
import { usSsn } from './us-ssn.js';
import { username } from './username.js';
import { age, ageOver89 } from './age.js';
import { bicCode, branchCode } from './bic-code.js';
import { biometricId, biometricRecord } from './biometric-id.js';
import { caseNumber } from './case-number.js';
import { chatHandle } from './chat-handle.js';
import { clockTime } from './clock-time.js';
import { coordinates } from './coordinates.js';
import { date } from './date.js';
import { imei, serialNumber, uuid } from './device.js';
import { healthMember } from './health-member.js';
import { healthPlan } from './health-plan.js';
import { licenseNumber } from './licence-number.js';
import { money } from './money.js';
import { namedNumber } from './named-number.js';
import { NATIONAL_NUMBERS } from './national-numbers.js';
import { passport } from './passport.js';
import { petChip } from './pet-chip.js';
import { plateNearVehicle } from './plate-near-vehicle.js';
import { REGISTERED_NUMBERS } from './registered-numbers.js';
import { SPOKEN_DIGITS } from './spoken-digits.js';
import { stateLicence } from './state-licence.js';
import { specialCategory } from './special-category.js';
import { licensePlate, vin } from './vehicle.js';
import { unexplainedNumber } from './unexplained-number.js';

/** Every recognizer made of patterns; a new one is its file and a line here. */
export const RECOGNIZERS: readonly Recognizer[] = [
  emailAddress,
  phoneNumber,
  phoneLabel,
  ...SPOKEN_DIGITS,
  usSsn,
  creditCard,
  ibanCode,
  ipAddress,
  macAddress,
  url,
  dateOfBirth,
  medicalRecordNumber,
  accountNumber,
  namedNumber,
  unexplainedNumber,
  caseNumber,
  usPassport,
  driverLicense,
  stateLicence,
  streetAddress,
  streetBeforeNumber,
  postalCode,
  addressCity,
  username,
  chatHandle,
  secret,
  cryptoAddress,
  personCues,
  rankCues,
  relationCues,
  nationalId,
  taxNumber,
  ...NATIONAL_NUMBERS,
  ...REGISTERED_NUMBERS,
  ...INTERCHANGE_FIELDS,
  healthPlan,
  healthMember,
  passport,
  bicCode,
  branchCode,
  licenseNumber,
  vin,
  licensePlate,
  plateNearVehicle,
  imei,
  serialNumber,
  petChip,
  biometricId,
  biometricRecord,
  uuid,
  coordinates,
  date,
  clockTime,
  ageOver89,
  age,
  money,
  specialCategory,
];
