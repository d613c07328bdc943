export { openLedger } from './ledger.js';
