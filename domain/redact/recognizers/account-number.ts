import type { Recognizer } from '../types.js';

const CUE = String.raw`(?:(?:bank |savings |checking |current |customer |billing |brokerage |loan )?(?:accounts?|acct|acc|a\/c)|routing|aba|sort code|policy|member(?:ship)?|customer|client|employee|staff|badge|subscriber|beneficiary|insurance|claim|loan|konto|vat|ein|bic|swift|plan|payroll)`;
const KIND = String.raw`(?:[ -]{0,2}(?:numbers?|no|num|id|nr|code|identifier|ref(?:erence)?)\b\.?)?`;
const ENDING = String.raw`(?: (?:ending|ends)(?: (?:in|with))?)?`;

function validateAccount(value: string): 'passed' | 'failed' {
  const digits = value.replace(/\D/g, '').length;
  return digits >= 4 && !/^(?:19|20)\d{2}$/.test(value) ? 'passed' : 'failed';
}

export const accountNumber: Recognizer = {
  name: 'account-number',
  type: 'ACCOUNT_NUMBER',
  patterns: [
    {
      name: 'after-cue',
      regex: new RegExp(
        String.raw`(?<![\w])${CUE}${KIND}${ENDING}["')\]]{0,2}[ \t]{0,2}(?:[:=#(]|is|was)?[ \t#"'(]{0,3}(?<value>(?:[A-Z]{1,5}-?)?\d[\dA-Z]{0,17}(?:[- ]\d[\dA-Z]{1,11}){0,4})(?![\w]|[.,/-]\d)`,
        'gi',
      ),
      score: 0.75,
      passedScore: 0.85,
    },
  ],
  validate: validateAccount,
  matches: [
    ['account number: 0048291377', '0048291377'],
    ['acct #12-3456-789', '12-3456-789'],
    ['routing number 021000021 and', '021000021'],
    ['policy no. HX-2291837', 'HX-2291837'],
    ['Employee ID: E104829', 'E104829'],
    ['account ending in 4821', '4821'],
    ['sort code 20-00-00', '20-00-00'],
  ],
  rejects: [
    'account since 2019',
    'order number 482913',
    'policy of 30 days',
    'customer paid 20',
    'account 12',
  ],
};
