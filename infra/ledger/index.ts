export { openLedger, type LedgerOptions } from './ledger.js';
