import type { Catalogue, Domain } from './catalogue.js';
import { BANKING } from './catalogue-banking.js';
import { CLINICAL } from './catalogue-clinical.js';
import { HR } from './catalogue-hr.js';
import { SUPPORT } from './catalogue-support.js';

export const CATALOGUES: Readonly<Record<Domain, Catalogue>> = {
  support: SUPPORT,
  hr: HR,
  clinical: CLINICAL,
  banking: BANKING,
};
