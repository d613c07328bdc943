import type { RunStatus } from '../../workflows/messages.js';
import { appendFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EXIT } from '../../cli/exit-codes.js';
import { openReview, signReview, decisionsFor, type ReviewCase } from '../../cli/review-work.js';
import { canonicalBytes } from '../../domain/lineage/index.js';
import { createIdentity, unlockIdentity } from '../../infra/identity/index.js';
import { localStatus } from '../../infra/local/index.js';
import { CANARY, goodRow, jsonLines, newFolder, type Files } from '../support/error-inputs.js';
import {
  commandLineOf,
  PASSPHRASE,
  runFolder,
  writeModel,
  type CommandLine,
} from '../support/error-installation.js';
import { startInstallation, type Installation } from '../support/installation.js';
import { filesHolding, holds } from '../support/leak-search.js';

// Servers, a worker and a process for each case; minutes on a busy machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000, maxConcurrency: 3 });

/** Planted on purpose where the search has to find it. */
const CONTROL = 'Persephone Abernathy-Cole';

const GOOD = jsonLines(Array.from({ length: 40 }, (_, index) => goodRow(index)));
const csv = (header: string): string =>
  `${header}\n${Array.from({ length: 20 }, (_, index) => Object.values(goodRow(index)).join(',')).join('\n')}\n`;
const CSV = { path: 'rows.csv', format: 'csv', key: 'id', question: 'question', answer: 'answer' };

const rows = (text: string): Files => ({ 'rows.jsonl': text });
const bad = (count: number): readonly unknown[] => [
  ...Array.from({ length: 40 - count }, (_, index) => goodRow(index)),
  ...Array.from({ length: count }, (_, index) =>
    index % 2 === 0 ? `{"id": "${CANARY}", ` : { ...goodRow(100 + index), answer: 7 },
  ),
];

interface ServerCase {
  readonly name: string;
  readonly files?: Files;
  readonly change?: Readonly<Record<string, string>>;
  /** Changes the model before its revision is pinned. */
  readonly spoil?: (model: string) => Promise<void>;
  /** Changes the model after its revision is pinned. */
  readonly after?: (folder: string) => Promise<void>;
  /** Goes on changing something while the run is under way; returns how to stop it. */
  readonly meanwhile?: (folder: string) => () => void;
  readonly exit: number;
  readonly says: readonly string[];
}

async function editJson(path: string, edit: (json: Record<string, unknown>) => object) {
  const json = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  await writeFile(path, JSON.stringify(edit(json)));
}

const CASES: readonly ServerCase[] = [
  {
    name: 'more bad rows than the policy allows',
    files: rows(jsonLines(bad(6))),
    exit: EXIT.invalid,
    says: [
      'dataset "errors": 6 of 40 rows were quarantined (NOT_JSON 3, FIELD_NOT_TEXT 3)',
      'the policy allows a share of 0.05',
      'tickets row 35 (NOT_JSON), tickets row 36 (FIELD_NOT_TEXT at /answer)',
      'Mend the rows or raise /ingest/maxBadRowShare',
      '[TOO_MANY_BAD_ROWS]',
    ],
  },
  {
    name: 'only bad rows',
    files: rows(jsonLines(bad(40))),
    exit: EXIT.invalid,
    says: ['40 of 40 rows were quarantined', 'tickets row 1 (NOT_JSON)', 'Mend the rows'],
  },
  {
    name: 'no row at all',
    files: rows('\n'),
    exit: EXIT.invalid,
    says: ['dataset "errors" has no record in its sources; give files with at least one row'],
  },
  {
    name: 'a CSV header without a mapped column',
    files: { 'rows.csv': csv('id,question,reply') },
    change: CSV,
    exit: EXIT.invalid,
    says: [
      'source "tickets", file 1 of 1: row 1: the header has no column "answer", which the run file',
      'mend the header or the mapping',
      '[SOURCE_HEADER]',
    ],
  },
  {
    name: 'a CSV without a header',
    files: { 'rows.csv': csv(Object.values(goodRow(99)).join(',')) },
    change: CSV,
    exit: EXIT.invalid,
    says: [
      'source "tickets", file 1 of 1: row 1: the header has no column "question", "answer", "id"',
    ],
  },
  {
    name: 'a source that changes after it was submitted',
    files: rows(GOOD.repeat(100)),
    // A row every few milliseconds, for longer than the run: never the same bytes twice.
    meanwhile: (folder) => {
      const timer = setInterval(() => {
        void appendFile(join(folder, 'rows.jsonl'), jsonLines([goodRow(7)])).catch(() => undefined);
      }, 5);
      return () => {
        clearInterval(timer);
      };
    },
    exit: EXIT.unverified,
    says: ['source "tickets" is not what was submitted: its files changed', '[SOURCE_CHANGED]'],
  },
  {
    name: 'a backend that is not installed',
    change: { train: 'train:\n  backend: tfjs-node-gpu\n' },
    exit: EXIT.unavailable,
    says: ['Backend "tfjs-node-gpu" is not there: run "custos setup tensorflow --gpu"'],
  },
  {
    name: 'another revision than the pinned one',
    change: { revision: `sha256:${'5'.repeat(64)}` },
    exit: EXIT.unverified,
    says: [
      "the base model's files have revision sha256:",
      `the run file pins sha256:${'5'.repeat(64)} (/baseModel/revision)`,
      'restore the files, or pin the new revision',
    ],
  },
  {
    name: 'a model file that changed after it was pinned',
    after: (folder) => appendFile(join(folder, 'model/tokenizer.json'), '\n'),
    exit: EXIT.unverified,
    says: ["the base model's files have revision", '[MODEL_REVISION_MISMATCH]'],
  },
  {
    name: 'remote code',
    spoil: (model) =>
      editJson(join(model, 'config.json'), (json) => ({
        ...json,
        auto_map: { AutoModelForCausalLM: 'modeling.Evil' },
      })),
    exit: EXIT.invalid,
    says: ['asks for remote code: config.json /auto_map; use a revision that needs no code'],
  },
  {
    name: 'a pickle',
    spoil: (model) => writeFile(join(model, 'pytorch_model.bin'), 'PK'),
    exit: EXIT.invalid,
    says: ['files that can carry code: pytorch_model.bin; use a safetensors revision'],
  },
  {
    name: 'an unsupported architecture',
    spoil: (model) =>
      editJson(join(model, 'config.json'), (json) => ({
        ...json,
        model_type: 'bert',
        architectures: ['BertModel'],
      })),
    exit: EXIT.invalid,
    says: ['config.json: model_type "bert" is not supported; use a base model of one of these: '],
  },
  {
    name: 'a tokenizer that is not JSON',
    spoil: (model) => writeFile(join(model, 'tokenizer.json'), '{"model": '),
    exit: EXIT.invalid,
    says: ['tokenizer.json of the base model is not UTF-8 JSON; restore the file'],
  },
  {
    name: 'a tokenizer that would tokenize differently here',
    spoil: (model) =>
      editJson(join(model, 'tokenizer.json'), (json) => ({
        ...json,
        pre_tokenizer: { type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithNext' },
      })),
    exit: EXIT.invalid,
    says: [
      'tokenizer.json: split behavior MergedWithNext at /pre_tokenizer is not supported',
      'use a base model whose tokenizer has none of it',
    ],
  },
  {
    name: 'no tokenizer',
    spoil: (model) => rm(join(model, 'tokenizer.json')),
    exit: EXIT.invalid,
    says: ['the base model directory has no tokenizer.json; a Hugging Face model directory is'],
  },
  {
    name: 'weights that are cut off',
    spoil: (model) => truncate(join(model, 'model.safetensors'), 20_000),
    exit: EXIT.invalid,
    says: ['model.safetensors: data does not end at the end of the file', 'fetch it again'],
  },
];

const folders: string[] = [];
let installation: Installation;
let custos: CommandLine;
let model = '';

async function newRun(files: Files, one: Partial<ServerCase> = {}) {
  const made = await runFolder(model, files, one.change, one.spoil);
  folders.push(made.folder);
  await one.after?.(made.folder);
  return made;
}

beforeAll(async () => {
  model = await newFolder();
  folders.push(model);
  await writeModel(model);
  installation = await startInstallation({ store: 's3' });
  custos = commandLineOf(installation.dataDir);
});

afterAll(async () => {
  await installation.close();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

describe('a run that', () => {
  it.concurrent.each(CASES.map((one) => [one.name, one] as const))(
    'meets %s says so and stops',
    async (_, one) => {
      const { folder, file } = await newRun(one.files ?? rows(GOOD), one);
      const stop = one.meanwhile?.(folder);
      const { status, output } = await custos('run', file, '--watch', '--as', 'demo-engineer');
      stop?.();
      for (const fragment of one.says) expect(output).toContain(fragment);
      expect(output).toMatch(/run demo-errors-\S+ stopped: /);
      expect(status).toBe(one.exit);
    },
  );
});

describe('a review', () => {
  let [first, second] = ['', ''];

  async function submit(change: Readonly<Record<string, string>>): Promise<string> {
    const { file } = await newRun(rows(GOOD), { change });
    const { stdout } = await custos('--json', 'run', file, '--as', 'ann');
    const { runId } = JSON.parse(stdout) as { runId: string };
    await installation.awaitReview(runId);
    return runId;
  }

  async function signAs(
    review: ReviewCase,
    handle: ReviewCase['handle'],
    identityDir: string,
    subject: string,
  ): Promise<unknown> {
    const person = await unlockIdentity(identityDir, subject, PASSPHRASE);
    const approved = review.batch.items.map(({ id }) => ({
      itemId: id,
      action: 'approve' as const,
    }));
    const decisions = decisionsFor(review.batch, approved);
    const signing = { verdict: 'approved' as const, person };
    return signReview(installation, { ...review, handle }, decisions, signing);
  }

  beforeAll(async () => {
    await custos('identity', 'create', 'ann', '--role', 'submitter', '--role', 'reviewer');
    await custos('identity', 'create', 'sue', '--role', 'submitter');
    await custos('identity', 'create', 'rea', '--role', 'reviewer');
    [first, second] = [await submit({}), await submit({ dataset: 'others' })];
    const decided = await custos('review', 'decide', first, '--as', 'rea', '--approve-all');
    expect(decided.status).toBe(EXIT.ok);
  });

  it.each([
    ['SELF_APPROVAL: the signer submitted this run; another reviewer has to sign', 'ann'],
    ['ROLE_MISSING: the signer does not have the role "reviewer"', 'sue'],
  ])('is not decided past the command line either: %s', async (message, subject) => {
    const review = await openReview(installation, first);
    const { identityDir } = installation.stores;
    await expect(signAs(review, review.handle, identityDir, subject)).rejects.toMatchObject({
      code: 'REVIEW_REFUSED',
      message: expect.stringContaining(message) as string,
    });
  });

  it('signs no draft that somebody else put there, and says how many there were', async () => {
    const { status, batch, handle } = await openReview(installation, second);
    const planted = decisionsFor(
      batch,
      batch.items.map(({ id }) => ({ itemId: id, action: 'approve' as const })),
    );
    const ref = await installation.stores.artifacts.put(canonicalBytes(planted), {
      class: 'derived',
      mediaType: 'application/vnd.custos.review-decisions+json',
      project: status.project,
    });
    await handle.executeUpdate('decide', { args: [ref] });
    const shown = await custos('review', 'show', second, '--as', 'rea');
    expect(shown.stdout).toContain('1 draft was handed in that nobody signed as their own');
    expect(shown.stdout).not.toContain('[approved]');
    const signed = await custos(...SIGN, second, '--as', 'rea', '--yes');
    expect(signed.output).toContain('rea has no draft of this batch; decide first');
    expect(signed.status).toBe(EXIT.refused);
    const [item] = batch.items;
    const one = ['--item', item?.id ?? '', '--action', 'reject'];
    await custos('review', 'decide', second, '--as', 'rea', ...one);
    const own = await custos('review', 'show', second, '--as', 'rea');
    expect(own.stdout).toContain('[rejected]');
    expect(own.stdout).toContain('draft of rea: 1 items decided');
  });

  const SIGN = ['review', 'sign'] as const;
  it.each([
    [
      'signed by its submitter',
      () => custos(...SIGN, first, '--as', 'ann', '--yes'),
      EXIT.refused,
      ['ann submitted the run and cannot sign it; another reviewer has to'],
    ],
    [
      'signed by somebody who is no reviewer',
      () => custos(...SIGN, first, '--as', 'sue', '--yes'),
      EXIT.refused,
      ['sue is submitter, and this takes a reviewer', 'identity create NAME --role reviewer'],
    ],
    [
      'signed by nobody known',
      () => custos(...SIGN, first, '--as', 'nobody', '--yes'),
      EXIT.invalid,
      ['there is no identity "nobody" here', 'custos identity create nobody --role reviewer'],
    ],
    [
      'that does not exist',
      () => custos(...SIGN, 'no-such-run', '--as', 'rea', '--yes'),
      EXIT.invalid,
      ['there is no review "no-such-run-review"; "custos review list" names the open ones'],
    ],
  ])('%s is refused', async (_, act, exit, says) => {
    const { status, output } = await act();
    for (const fragment of says) expect(output).toContain(fragment);
    expect(status).toBe(exit);
  });

  it('with decisions about another batch is refused', async () => {
    const { batch } = await openReview(installation, second);
    const file = join(model, 'decisions.json');
    await writeFile(file, JSON.stringify(decisionsFor(batch, [])));
    for (const command of [
      ['review', 'decide', first, '--as', 'rea'],
      [...SIGN, first, '--as', 'rea', '--yes'],
    ]) {
      const { status, output } = await custos(...command, '--file', file);
      expect(output).toContain(
        `${file} decides about another batch (/batchRoot); review the present`,
      );
      expect(status).toBe(EXIT.refused);
    }
  });

  it('signed with a key that nobody trusts is refused', async () => {
    const stranger = await newFolder();
    folders.push(stranger);
    await createIdentity(stranger, { subject: 'rea', roles: ['reviewer'], passphrase: PASSPHRASE });
    const review = await openReview(installation, first);
    await expect(signAs(review, review.handle, stranger, 'rea')).rejects.toMatchObject({
      code: 'SIGNATURE_INVALID',
      message: expect.stringMatching(/key/) as string,
    });
  });

  it('of another batch is refused', async () => {
    const [here, other] = [
      await openReview(installation, first),
      await openReview(installation, second),
    ];
    const { identityDir } = installation.stores;
    await expect(signAs(other, here.handle, identityDir, 'rea')).rejects.toMatchObject({
      code: 'REVIEW_REFUSED',
      message: expect.stringMatching(
        /STALE_BATCH: the decisions are about another batch/,
      ) as string,
    });
  });

  it('refused by its reviewer ends the run with that word', async () => {
    const signed = await custos(...SIGN, second, '--as', 'rea', '--refuse', '--yes');
    expect(signed.status).toBe(EXIT.ok);
    const { status, output } = await custos('show', second, '--watch');
    expect(output).toContain(
      `run ${second} stopped: the review gate is shut: the batch was rejected`,
    );
    expect(output).toContain('mend the records or the policy and start a new run');
    expect(status).toBe(EXIT.refused);
    const shown = await custos('review', 'show', second);
    expect(shown.stdout).toMatch(/ {2}rejected {2}\d+ items {2}submitted by ann/);
    expect(shown.stdout).not.toContain('[open]');
    const late = await custos('review', 'decide', second, '--as', 'rea', '--approve-all');
    expect(late.output).toContain('is rejected and takes no decisions');
    expect(late.status).toBe(EXIT.refused);
  });

  it('approved while the store is down waits, says why, and goes on when it is back', async () => {
    const before = await localStatus(installation.dataDir);
    const pidOf = (name: string) => before.components.find((one) => one.name === name)?.pid ?? 0;
    const signed = await custos(...SIGN, first, '--as', 'rea', '--yes');
    expect(signed.status).toBe(EXIT.ok);
    // The supervisor would bring it back at once.
    const { supervisorPid = 0 } = before;
    process.kill(supervisorPid, 'SIGSTOP');
    const watching = custos('show', first, '--watch');
    try {
      process.kill(pidOf('minio'), 'SIGKILL');
      await expect
        .poll(async () => (await custos('show', first)).output, { timeout: 120_000, interval: 500 })
        .toMatch(/running\n[^]*The store failed \(ECONNREFUSED\); check that it runs/);
    } finally {
      process.kill(supervisorPid, 'SIGCONT');
    }
    const applied = async () => {
      const { stages } = await installation.client.workflow
        .getHandle(first)
        .query<RunStatus>('status');
      return stages.find(({ id }) => id === 'apply')?.status;
    };
    await expect.poll(applied, { timeout: 120_000, interval: 500 }).toBe('done');
    // However far the run has come by now, the watching ends with it.
    await custos('cancel', first);
    const { output } = await watching;
    expect(output).toContain('✔ Apply decisions');
  });

  it('of a run that there is not is told from an empty one', async () => {
    for (const command of ['show', 'cancel']) {
      const { status, output } = await custos(command, 'no-such-run');
      expect(output).toMatch(/there is no .*run "?no-such-run"?; "custos runs" lists them/);
      expect(status).toBe(EXIT.invalid);
    }
  });
});

describe('a name that nothing has', () => {
  it.each([
    [['lineage', 'adapter', 'nobody'], 'there is no adapter nobody; there'],
    [['lineage', 'record', '--source', 'none', '--key', '1'], 'has read a source "none"; there'],
    [['lineage', 'record', `${'0'.repeat(8)}:${'0'.repeat(64)}`], 'has this record'],
    [['lineage', 'artifact', `sha256:${'0'.repeat(64)}`], 'made or read an artifact'],
    [['evidence', 'export', 'no-run', '--out', 'none'], 'there is no evidence of a run "no-run"'],
    [['verify', 'no-run'], 'there is no evidence of a run "no-run"'],
  ])('%j is told and is an error', async (args, words) => {
    const { status, output } = await custos(...args);
    expect(output).toContain(words);
    expect(output).toContain('[NOT_FOUND]');
    expect(status).toBe(EXIT.invalid);
  });
});

describe('a schedule', () => {
  it.each([
    ['every day', 'UTC'],
    ['0 3 * * *', 'Nowhere/At'],
  ])('by "%s" in %s is wrong input', async (cron, zone) => {
    const timing = ['--cron', cron, '--timezone', zone, '--as', 'demo-engineer'];
    const { status, output } = await custos(
      'schedule',
      'create',
      'nightly',
      'samples/run.yaml',
      ...timing,
    );
    expect(output).toContain(`--cron "${cron}" with --timezone ${zone} is no schedule`);
    expect(status).toBe(EXIT.invalid);
  });
});

describe('the text of a record', () => {
  it("is found in Temporal's database when a workflow carries it", async () => {
    await installation.client.workflow.start('planted', {
      workflowId: 'planted',
      taskQueue: 'nobody',
      args: [CONTROL],
    });
    const temporal = join(installation.dataDir, 'temporal');
    // The server moves pages from its log of writes to the database; between two reads they are in neither.
    const holding = () => filesHolding(temporal, [CONTROL]);
    await expect.poll(holding, { timeout: 30_000 }).not.toEqual([]);
  });

  it('is in no output, no log, no database and no file of the installation', async () => {
    expect(custos.said().length).toBeGreaterThan(5_000);
    expect(holds(Buffer.from(custos.said()), CANARY)).toBe(false);
    expect(await filesHolding(installation.dataDir, [CANARY, 'Quartermaine'])).toEqual([]);
  });
});
