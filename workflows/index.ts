export { fineTune } from './fine-tune.js';
export { reviewGate } from './review-gate.js';
export { scheduledRun } from './scheduled-run.js';
export { trainAndAudit } from './train-and-audit.js';
