import type { Recognizer } from '../types.js';
import { besideLabel } from './labelled.js';

const CUES = [
  'account',
  ...['account', 'acct'].flatMap((of) =>
    ['ending', 'ending in', 'ending with', 'ends in'].map((as) => `${of} ${as}`),
  ),
  'acct',
  'acc',
  'a/c',
  'bank account',
  'savings account',
  'checking account',
  'current account',
  'customer account',
  'billing account',
  'brokerage account',
  'loan account',
  'sort code',
  'policy',
  'insurance policy',
  'member',
  'membership',
  'customer',
  'client',
  'employee',
  'staff',
  'badge',
  'insurance',
  'claim',
  'loan',
  'konto',
  'kontonummer',
  'kundennummer',
  'kunden-nr',
  'plan',
  'payroll',
  'group',
  'compte',
  'cuenta',
  'konto nr',
  'customer reference',
  'student',
  'personnel',
  'personalnummer',
  'reservation',
  'booking',
  'loyalty',
  'frequent flyer',
  'rib',
  'clabe',
  'bsb',
  'nuban',
  'bank details',
];
const VALUE = String.raw`(?:[A-Z]{1,5}[-_]?)?\d[\dA-Z]{0,17}(?:[- ]\d[\dA-Z]{1,17}){0,4}(?:-[A-Z]{1,2})?`;

function validateAccount(value: string): 'passed' | 'failed' {
  const digits = value.replace(/\D/g, '').length;
  return digits >= 4 && !/^(?:19|20)\d{2}$/.test(value) ? 'passed' : 'failed';
}

export const accountNumber: Recognizer = {
  name: 'account-number',
  type: 'ACCOUNT_NUMBER',
  patterns: [
    ...besideLabel(CUES, String.raw`${VALUE}(?![.,/-]\d)`, { score: 0.75, passedScore: 0.85 }),
  ],
  validate: validateAccount,
  matches: [
    ['account number: 0048291377', '0048291377'],
    ['acct #12-3456-789', '12-3456-789'],
    ['policy no. HX-2291837', 'HX-2291837'],
    ['Employee ID: E104829', 'E104829'],
    ['account ending in 4821', '4821'],
    ['sort code 20-00-00', '20-00-00'],
    ['Claim 88213-A / policy', '88213-A'],
    ['Badge numbers 50231, 50232 and 50233.', '50231', '50232', '50233'],
    ['RIB 011 780 0000123456789012 34, a', '011 780 0000123456789012 34'],
  ],
  rejects: [
    'account since 2019',
    'order number 482913',
    'policy of 30 days',
    'customer paid 20',
    'account 12',
  ],
};
