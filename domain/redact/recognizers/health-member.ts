import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';

/** Members of clubs have numbers too: it takes a word of health near. */
export const healthMember: Recognizer = {
  name: 'health-plan-member',
  type: 'HEALTH_ID',
  patterns: besideLabel(
    [
      'member',
      'plan',
      'plan number',
      'plan id',
      'membership',
      'insurance',
      'insurance id',
      'ins',
      'ins id',
      'ins no',
      'policy holder id',
      'mem id',
    ],
    String.raw`[A-Z]{2,4}(?: \d{2,5}){2,4}(?: \d)?|[A-Z]\d{3,5}[ -]\d{4,6}(?:-\d{1,2})?|[A-Z]{1,4}(?:-?\d){5,14}(?:-\d{1,3}){0,2}`,
    { score: 0.9, needsContext: true, needs: 'verb' },
  ),
  validate: (value) =>
    value.replace(/\D/g, '').length >= 5 && !/^\p{Ll}+ /u.test(value) ? 'passed' : 'failed',
  context: {
    words: (
      'patient patients pt mrn dob health medical healthcare deductible copay copayment coinsurance eligibility hmo ppo epo ' +
      'bluecross blueshield aetna cigna humana kaiser anthem unitedhealthcare medicare medicaid dos pre-auth preauthorization ' +
      'prior-auth diagnosis icd cpt pharmacy rx prescription dental vision mri surgery subscriber in-network out-of-network eob'
    ).split(' '),
    boost: 0,
    charsBefore: 160,
    charsAfter: 60,
  },
  matches: [
    [
      '| Patient | DOB | Plan ID |\n|---|---|---|\n| Ito, R. | 01/30/1977 | H6172-20355 |',
      'H6172-20355',
    ],
    ['Pt: Norma Escobedo\nIns ID W2481 17352', 'W2481 17352'],
    ['chart OBU-1447 | pt seen | ins NTUC-55311221', 'NTUC-55311221'],
    ['member K6172-20355 called about her health plan', 'K6172-20355'],
    ['BlueShield PPO, Member ID XEH617220355, call', 'XEH617220355'],
    ['plan number is HMO-617-22035-01; pre-auth pending for MRI', 'HMO-617-22035-01'],
  ],
  rejects: [
    'Member ID XEH617220355 of the tennis club',
    'the patient paid 4820 for a plan',
    'health plan members: 120000',
    'member of the health board since 2019',
  ],
};
