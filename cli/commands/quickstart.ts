import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { ensureDemoIdentities, unlockDemoIdentity } from '../../infra/identity/index.js';
import { startLocal } from '../../infra/local/index.js';
import type { RunOutcome } from '../../workflows/messages.js';
import { appOf, type App, type RegisterCommand } from '../app.js';
import { withWorkspace, type Workspace } from '../compose.js';
import { EXIT } from '../exit-codes.js';
import { whileWatching } from '../interrupt.js';
import { showRun } from '../live-view.js';
import { loadRun } from '../load-files.js';
import { workerProcess } from '../local-worker.js';
import { reviewAsDemo, reviewAtTerminal } from '../review-session.js';
import { openReview } from '../review-work.js';
import { describeOutcome, outcomeOf } from '../run-outcome.js';
import { readRunSteps } from '../run-evidence.js';
import { originsOf } from '../stage-lines.js';
import { watchRun } from '../run-watcher.js';
import { submitRun } from '../submit.js';
import { requireWorkerRuntime } from '../worker-runtime.js';
import { progressTo, storeOption } from './local.js';

interface QuickstartOptions {
  readonly yes?: boolean;
  readonly store: 'auto' | 's3' | 'files';
  readonly run?: string;
}

/** The sample's run file, from the package's own folder. */
function sampleRunFile(): string {
  return fileURLToPath(new URL('../../../samples/run.yaml', import.meta.url));
}

/** Opens the review once it waits: to the person at the terminal, or signed by the demo reviewer. */
function reviewer(app: App, workspace: Workspace, interactive: boolean) {
  let seen: string | undefined;
  return async ({ reviewWorkflowId }: { readonly reviewWorkflowId?: string }): Promise<void> => {
    if (reviewWorkflowId === undefined || reviewWorkflowId === seen) return;
    seen = reviewWorkflowId;
    const person = await unlockDemoIdentity(workspace.stores.identityDir, 'demo-reviewer');
    const said = interactive
      ? await reviewAtTerminal(
          app,
          workspace,
          await openReview(workspace, reviewWorkflowId),
          person,
        )
      : await reviewAsDemo(workspace, reviewWorkflowId, person);
    app.note(said);
  };
}

function describeNext(outcome: RunOutcome): string {
  const { adapter, runId } = outcome;
  const name = `${adapter.name}@${String(adapter.version)}`;
  return `
This is a demo release: the adapter stays "${adapter.stage}" and cannot be promoted.

Look at what happened ("npx custos up" starts the servers again):
  npx custos show ${runId}
  npx custos lineage adapter ${name}
  npx custos generate --adapter ${name} "My parcel has not arrived. It was a gift."
  npx custos evidence export ${runId} --out evidence
  npx custos verify evidence --offline --key evidence-keys.json`;
}

/** Its servers stop with the quickstart; the run waits in their data. */
const resumeWith = (runId: string): string =>
  [
    `the servers stop; the run is kept: ${runId}`,
    '  go on with it:  npx custos up',
    `  watch it then:  npx custos show ${runId} --watch`,
    '  or start anew:  npm run quickstart (what is done is reused)',
  ].join('\n');

async function runSample(
  app: App,
  workspace: Workspace,
  options: QuickstartOptions,
): Promise<void> {
  const interactive =
    options.yes !== true && process.stdin.isTTY && process.stdout.isTTY && !app.json;
  const loaded = await loadRun(options.run ?? sampleRunFile());
  const engineer = await unlockDemoIdentity(workspace.stores.identityDir, 'demo-engineer');
  const { runId } = await submitRun(workspace, loaded, engineer);
  app.note(`run ${runId}, submitted as demo-engineer`);
  const outcome = await whileWatching(resumeWith(runId), async () => {
    await showRun(watchRun(workspace.client, runId), reviewer(app, workspace, interactive), {
      live: !interactive && !app.json,
      silent: app.json,
    });
    return outcomeOf(workspace, runId);
  });
  const origins = originsOf(await readRunSteps(workspace.stores, runId));
  app.emit(outcome, () => `\n${describeOutcome(outcome, origins)}\n${describeNext(outcome)}`);
  if (outcome.shutGates.length > 0) process.exitCode = EXIT.refused;
}

export const registerQuickstart: RegisterCommand = (program) => {
  program
    .command('quickstart')
    .description('Bring up everything on loopback and run the sample to its demo release.')
    .option('--yes', 'sign the review as the demo reviewer without asking')
    .addOption(storeOption())
    .option('--run <file>', 'another run file (default: the sample)')
    .addHelpText(
      'after',
      `
Examples:
  custos quickstart          you review the batch yourself
  custos quickstart --yes    the demo reviewer signs; nothing is asked`,
    )
    .action(async (options: QuickstartOptions, command: Command) => {
      const app = appOf(command);
      requireWorkerRuntime();
      const services = await startLocal({
        dataDir: app.dataDir,
        store: options.store,
        mode: 'foreground',
        processes: (endpoints) => [workerProcess(endpoints)],
        onProgress: progressTo(app),
      });
      try {
        await withWorkspace(app, async (workspace) => {
          await ensureDemoIdentities(workspace.stores.identityDir);
          await runSample(app, workspace, options);
        });
      } finally {
        await services.stop();
      }
    });
};
