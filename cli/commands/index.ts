import type { RegisterCommand } from '../app.js';
import { registerAdapter } from './adapter.js';
import { registerChat } from './chat.js';
import { registerDoctor } from './doctor.js';
import { registerCompletion } from './completion.js';
import { registerDrift } from './drift.js';
import { registerEvidence } from './evidence.js';
import { registerGc } from './gc.js';
import { registerGenerate } from './generate.js';
import { registerHold } from './hold.js';
import { registerIdentity } from './identity.js';
import { registerLineage } from './lineage.js';
import { registerLocal } from './local.js';
import { registerModel } from './model.js';
import { registerPolicy } from './policy.js';
import { registerQuarantine } from './quarantine.js';
import { registerQuickstart } from './quickstart.js';
import { registerRedact } from './redact.js';
import { registerReview } from './review.js';
import { registerRun } from './run.js';
import { registerRuns } from './runs.js';
import { registerSchedule } from './schedule.js';
import { registerShow } from './show.js';
import { registerUnredact } from './unredact.js';
import { registerVerify } from './verify.js';
import { registerVersion } from './version.js';

/** Every command, in the order in which a user needs them. */
export const COMMANDS: readonly RegisterCommand[] = [
  registerQuickstart,
  registerDoctor,
  registerLocal,
  registerIdentity,
  registerPolicy,
  registerModel,
  registerRedact,
  registerUnredact,
  registerRun,
  registerRuns,
  registerShow,
  registerSchedule,
  registerDrift,
  registerQuarantine,
  registerReview,
  registerLineage,
  registerAdapter,
  registerGenerate,
  registerChat,
  registerEvidence,
  registerVerify,
  registerGc,
  registerHold,
  registerVersion,
  registerCompletion,
];
