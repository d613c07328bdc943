import type { RegisterCommand } from '../app.js';

interface CommandFile {
  /** The commands that the file registers at the program. */
  readonly names: readonly string[];
  readonly load: () => Promise<RegisterCommand>;
}

/**
 * Every file of commands, in the order in which a user needs them. Loading all of them takes seconds, as
 * each brings what it works with; who runs one command loads one file.
 */
export const COMMAND_FILES: readonly CommandFile[] = [
  {
    names: ['quickstart'],
    load: async () => (await import('./quickstart.js')).registerQuickstart,
  },
  { names: ['doctor'], load: async () => (await import('./doctor.js')).registerDoctor },
  {
    names: ['up', 'down', 'status', 'setup'],
    load: async () => (await import('./local.js')).registerLocal,
  },
  { names: ['identity'], load: async () => (await import('./identity.js')).registerIdentity },
  { names: ['policy'], load: async () => (await import('./policy.js')).registerPolicy },
  { names: ['model'], load: async () => (await import('./model.js')).registerModel },
  { names: ['redact'], load: async () => (await import('./redact.js')).registerRedact },
  { names: ['unredact'], load: async () => (await import('./unredact.js')).registerUnredact },
  { names: ['run'], load: async () => (await import('./run.js')).registerRun },
  { names: ['runs', 'cancel'], load: async () => (await import('./runs.js')).registerRuns },
  { names: ['show'], load: async () => (await import('./show.js')).registerShow },
  { names: ['schedule'], load: async () => (await import('./schedule.js')).registerSchedule },
  { names: ['drift'], load: async () => (await import('./drift.js')).registerDrift },
  {
    names: ['quarantine'],
    load: async () => (await import('./quarantine.js')).registerQuarantine,
  },
  { names: ['review'], load: async () => (await import('./review.js')).registerReview },
  {
    names: ['adapters', 'lineage'],
    load: async () => (await import('./lineage.js')).registerLineage,
  },
  { names: ['adapter'], load: async () => (await import('./adapter.js')).registerAdapter },
  { names: ['generate'], load: async () => (await import('./generate.js')).registerGenerate },
  { names: ['chat'], load: async () => (await import('./chat.js')).registerChat },
  { names: ['evidence'], load: async () => (await import('./evidence.js')).registerEvidence },
  { names: ['verify'], load: async () => (await import('./verify.js')).registerVerify },
  { names: ['gc'], load: async () => (await import('./gc.js')).registerGc },
  { names: ['hold'], load: async () => (await import('./hold.js')).registerHold },
  { names: ['version'], load: async () => (await import('./version.js')).registerVersion },
  { names: ['completion'], load: async () => (await import('./completion.js')).registerCompletion },
];
