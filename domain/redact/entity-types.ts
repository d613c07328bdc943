/** Every entity type that a policy may name. */
export const ENTITY_TYPES = [
  'PERSON',
  'LOCATION',
  'ORGANIZATION',
  'EMAIL_ADDRESS',
  'PHONE_NUMBER',
  'US_SSN',
  'CREDIT_CARD',
  'IBAN_CODE',
  'IP_ADDRESS',
  'MAC_ADDRESS',
  'URL',
  'DATE_OF_BIRTH',
  'MEDICAL_RECORD_NUMBER',
  'ACCOUNT_NUMBER',
  'US_PASSPORT',
  'DRIVER_LICENSE',
  'STREET_ADDRESS',
  'POSTAL_CODE',
  'USERNAME',
  'SECRET',
  'CRYPTO_ADDRESS',
  'NATIONAL_ID',
  'TAX_ID',
  'HEALTH_ID',
  'PASSPORT',
  'BANK_CODE',
  'LICENSE_NUMBER',
  'CASE_NUMBER',
  'OTHER_ID',
  'VEHICLE_ID',
  'DEVICE_ID',
  'BIOMETRIC_ID',
  'UUID',
  'COORDINATES',
  'DATE',
  'TIME',
  'AGE_OVER_89',
  'AGE',
  'MONEY',
  'SPECIAL_CATEGORY',
] as const;

/**
 * What singles nobody out and is much of what records teach, so that a policy has to ask for it: clock
 * times, amounts, ages below 90, and what is said of somebody's health, faith or union.
 */
const STATEMENTS: readonly string[] = ['TIME', 'AGE', 'MONEY', 'SPECIAL_CATEGORY'];

/** What is looked for where nobody says which types. */
export const IDENTIFYING_TYPES = ENTITY_TYPES.filter((type) => !STATEMENTS.includes(type));
