import { mkdtempSync } from 'node:fs';
import { cp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporal } from '@temporalio/proto';
import {
  bundleWorkflowCode,
  DefaultLogger,
  Runtime,
  Worker,
  type WorkflowBundle,
} from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STEPS } from '../../policies/steps.js';

// Histories of real runs, recorded by scripts/record-histories.mjs. A change to a workflow that
// would break a run which began before it fails here: guard it with `patched`, as CONTRIBUTING.md
// says, and record new histories beside the old. What may differ is the version of a step: raising
// it is a new deployment, and runs stay with the workers of theirs (docs/operations.md, "Upgrade").

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const HISTORIES = join(ROOT, 'test/histories');
const logger = new DefaultLogger('ERROR');
// As in the bundle that workers run: they come between a workflow and its commands.
const INTERCEPTORS = fileURLToPath(
  import.meta.resolve('@temporalio/interceptors-opentelemetry/lib/workflow-interceptors.js'),
);

interface HistoryEvent {
  readonly eventType: string;
  readonly [attributes: string]: unknown;
}

const files = (await readdir(HISTORIES)).filter((file) => file.endsWith('.json'));

interface Recorded {
  /** Children are named after their parent, so a replay needs the recorded name. */
  readonly workflowId: string;
  readonly events: readonly HistoryEvent[];
}

const CURRENT_NAMES = new Map(
  Object.values(STEPS).map(({ name }) => [name.replace(/\d+$/, ''), name] as const),
);

/** Reads a recorded history, its steps under the versions that they have now. */
async function read(file: string): Promise<Recorded> {
  const text = await readFile(join(HISTORIES, file), 'utf8');
  const current = text.replace(
    /("activityType":\{"name":")(custos\.[a-z.-]+\.v)(\d+)"/g,
    (recorded, before: string, step: string) =>
      CURRENT_NAMES.has(step) ? `${before}${CURRENT_NAMES.get(step) ?? ''}"` : recorded,
  );
  return JSON.parse(current) as Recorded;
}

const eventsOf = async (file: string) => (await read(file)).events;

async function replay(workflowBundle: WorkflowBundle, file: string): Promise<void> {
  const { workflowId, events } = await read(file);
  const history = temporal.api.history.v1.History.fromObject({ events });
  const sinks = { exporter: { export: { fn: () => undefined } } };
  await Worker.runReplayHistory({ workflowBundle, replayName: file, sinks }, history, workflowId);
}

const bundleOf = (workflowsPath: string): Promise<WorkflowBundle> =>
  bundleWorkflowCode({ workflowsPath, logger, workflowInterceptorModules: [INTERCEPTORS] });

beforeAll(() => {
  Runtime.install({ logger, telemetryOptions: { logging: { filter: 'OFF' } } });
});

describe('the committed histories', () => {
  let bundle: WorkflowBundle;
  beforeAll(async () => {
    bundle = await bundleOf(join(ROOT, 'workflows/index.ts'));
  });

  it.each(files)('%s replays', async (file) => {
    await replay(bundle, file);
  });

  const END = {
    completed: 'EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED',
    failed: 'EVENT_TYPE_WORKFLOW_EXECUTION_FAILED',
    canceled: 'EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED',
  } as const;

  // What each case is about has to be in its history, or replaying it shows nothing.
  it.each<[string, keyof typeof END, RegExp]>([
    ['fine-tune.approve.json', 'completed', /"workflowType":\{"name":"trainAndAudit"\}/],
    ['fine-tune.escalate.json', 'completed', /CHILD_WORKFLOW_EXECUTION_COMPLETED/],
    ['fine-tune.expire.json', 'failed', /"type":"REVIEW_REFUSED"/],
    ['fine-tune.reject.json', 'failed', /"type":"REVIEW_REFUSED"/],
    ['fine-tune.cancel-review.json', 'canceled', /CHILD_WORKFLOW_EXECUTION_CANCELED/],
    ['fine-tune.cancel-train.json', 'canceled', /CHILD_WORKFLOW_EXECUTION_CANCELED/],
    ['fine-tune.retry.json', 'completed', /"attempt":2/],
    ['fine-tune.reuse.json', 'completed', /"activityType":\{"name":"recallApproval"\}/],
    ['scheduled-run.ran.json', 'completed', /"workflowType":\{"name":"fineTune"\}/],
    ['scheduled-run.nothing-new.json', 'completed', /"activityType":\{"name":"recordFiring"\}/],
    ['review-gate.approve.json', 'completed', /"updateName":"sign"|"name":"sign"/],
    ['review-gate.escalate.json', 'completed', /EVENT_TYPE_TIMER_FIRED/],
    ['review-gate.expire.json', 'completed', /EVENT_TYPE_TIMER_FIRED/],
    ['review-gate.reject.json', 'completed', /"name":"sign"/],
    ['review-gate.cancel-review.json', 'canceled', /EVENT_TYPE_TIMER_CANCELED/],
    ['train-and-audit.approve.json', 'completed', /"name":"custos\.audit\.v\d+"/],
    ['train-and-audit.reuse.json', 'completed', /"name":"custos\.audit\.v\d+"/],
    ['train-and-audit.cancel-train.json', 'canceled', /ACTIVITY_TASK_CANCELED/],
    ['train-and-audit.retry.json', 'completed', /"attempt":2/],
  ])('%s is %s and holds %s', async (file, end, held) => {
    const events = await eventsOf(file);
    expect(events.at(-1)?.eventType).toBe(END[end]);
    expect(JSON.stringify(events)).toMatch(held);
  });

  it('asks nobody again when an approval is reused', async () => {
    const text = JSON.stringify(await eventsOf('fine-tune.reuse.json'));
    expect(text).not.toContain('"workflowType":{"name":"reviewGate"}');
  });

  it('name no machine', async () => {
    for (const file of files) {
      const identities = JSON.stringify(await eventsOf(file)).match(/"identity":"[^"]*"/g) ?? [];
      expect([...new Set(identities)], file).toEqual(['"identity":"custos"']);
    }
  });
});

type Edit = readonly [from: string, to: string];

/** What is changed in a workflow -> a history of a run that cannot go on with it. */
const PLANTS: readonly (readonly [string, string, readonly Edit[], string])[] = [
  [
    'a step is left out',
    'train-and-audit.ts',
    [
      [
        "runStep(input.scope, 'audit', {",
        "Promise.resolve(train) ?? runStep(input.scope, 'audit', {",
      ],
    ],
    'train-and-audit.approve.json',
  ],
  [
    'another step in its place',
    'train-and-audit.ts',
    [["runStep(input.scope, 'audit', {", "runStep(input.scope, 'release', {"]],
    'train-and-audit.reuse.json',
  ],
  [
    'two steps in the other order',
    'prepare.ts',
    [
      ['const fingerprints = await records.fingerprintSources(request, locations);', ''],
      ['requireSubmitted(run, fingerprints);', ''],
      [
        'const sources = request.dataset.sources.map(',
        `const fingerprints = await records.fingerprintSources(request, locations);
         const sources = request.dataset.sources.map(`,
      ],
    ],
    'fine-tune.reject.json',
  ],
  [
    'a step more',
    'fine-tune.ts',
    [
      [
        'const opened = await control.openRun(input);',
        'await control.openRun(input); const opened = await control.openRun(input);',
      ],
    ],
    'fine-tune.cancel-review.json',
  ],
  [
    'a shard is left out',
    'record-stages.ts',
    [
      [
        'FAN_OUTS[stage], inputs, shards, (done) => {',
        'FAN_OUTS[stage], inputs, shards - 1, (done) => {',
      ],
    ],
    'fine-tune.retry.json',
  ],
  [
    'ranges of one shard again',
    'steps.ts',
    [["patched('least-range') ? perRange : 1", '1']],
    'fine-tune.ranges.json',
  ],
  [
    'a deadline is gone',
    'review-gate.ts',
    [["[remindAfterMinutes * 60_000, 'reminded'],", '']],
    'review-gate.expire.json',
  ],
  [
    'a firing leaves no record',
    'scheduled-run.ts',
    [['await control.recordFiring({ ...begun, ...endOf(outcome) });', 'endOf(outcome);']],
    'scheduled-run.nothing-new.json',
  ],
  [
    'a signature decides before it is verified',
    'review-gate.ts',
    [
      [
        'const result = await control.commitApproval(input.approval, signed);',
        "const result = { values: { meaning: 'approved' } } as unknown as StepResult;",
      ],
    ],
    'review-gate.approve.json',
  ],
];

describe('a changed workflow', () => {
  const copy = mkdtempSync(join(tmpdir(), 'custos-replay-'));
  beforeAll(async () => {
    await writeFile(join(copy, 'package.json'), '{"type":"module"}');
    for (const beside of ['node_modules', 'policies', 'schemas', 'activities'])
      await symlink(join(ROOT, beside), join(copy, beside));
  });
  afterAll(() => rm(copy, { recursive: true, force: true }));

  async function bundleWith(file: string, edits: readonly Edit[]): Promise<WorkflowBundle> {
    const workflows = join(copy, 'workflows');
    await rm(workflows, { recursive: true, force: true });
    await cp(join(ROOT, 'workflows'), workflows, { recursive: true });
    const path = join(workflows, file);
    let source = await readFile(path, 'utf8');
    for (const [from, to] of edits) {
      expect(source.split(from), `"${from}" stands once in ${file}`).toHaveLength(2);
      source = source.replace(from, to);
    }
    await writeFile(path, source);
    return bundleOf(join(workflows, 'index.ts'));
  }

  it('replays as long as nothing is changed', async () => {
    const bundle = await bundleWith('index.ts', []);
    for (const file of new Set(PLANTS.map(([, , , history]) => history)))
      await replay(bundle, file);
  });

  it.each(PLANTS)('%s: %s no longer replays', async (_change, file, edits, history) => {
    const bundle = await bundleWith(file, edits);
    await expect(replay(bundle, history)).rejects.toThrow(DeterminismViolationError);
  });
});
