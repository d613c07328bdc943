import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRunSteps } from '../../../cli/run-evidence.js';
import type { AdapterFiles } from '../../../domain/model/index.js';
import { loadTokenizer, tokenizeShard } from '../../../domain/tokenize/index.js';
import {
  planTraining,
  type TokenSequence,
  type TrainSettings,
} from '../../../domain/train/index.js';
import { runTraining } from '../../../infra/compute/train-job.js';
import type { ArtifactRef, TrainingRecord } from '../../../schemas/index.js';
import {
  patternSequences,
  TINY_SETTINGS,
  writeTinyModel,
} from '../../fixtures/model/tiny-model.js';
import { sampleRun, startInstallation } from '../../support/installation.js';
import { readFile } from 'node:fs/promises';
import {
  compareWithPeer,
  expectSameGradients,
  expectSameLogits,
  expectSameLoss,
  python,
  type Compared,
} from './peer.js';

const MINUTE = 60_000;
const SAMPLE_MODEL = 'models/tiny/model';

if (python === undefined) {
  console.info(
    'conformance/peft is skipped: set CUSTOS_PEFT_PYTHON to a python with torch and peft.',
  );
}

interface Subject {
  readonly modelDirectory: string;
  readonly adapter: AdapterFiles;
  readonly sequences: readonly TokenSequence[];
}

/** Six steps on a random model with odd sizes: grouped heads, blocks that cross rows. */
async function oddlySized(
  directory: string,
  change: Partial<TrainSettings> = {},
): Promise<Subject> {
  const modelDirectory = join(directory, 'base');
  await writeTinyModel(modelDirectory);
  const settings = { ...TINY_SETTINGS, maxSteps: 6, ...change };
  const sequences = patternSequences(10, 1);
  const plan = planTraining({ ...settings, lengths: sequences.map(({ ids }) => ids.length) });
  const compute = { backend: 'wasm+onnxruntime', threads: 1 } as const;
  const { adapter } = await runTraining(
    { modelDirectory, baseModelName: 'tiny', compute, settings, plan, sequences, heldOut: [] },
    {
      onStarted: () => undefined,
      onProgress: () => undefined,
      onEvaluation: () => undefined,
      onCheckpoint: () => Promise.resolve(),
      checkStop: () => undefined,
    },
  );
  return { modelDirectory, adapter, sequences: patternSequences(5, 3) };
}

const asked = (id: string, prompt: string, response: string): TrainingRecord => ({
  id,
  messages: [
    { role: 'user', content: prompt },
    { role: 'assistant', content: response },
  ],
});

const QUESTIONS = [
  asked('1', 'A customer asks when the refund will arrive.', 'Within five working days.'),
  asked('2', 'Summarize the discharge note of [PERSON].', 'The patient was discharged on Monday.'),
  asked('3', 'Which form is needed for parental leave?', 'Form HR-12, signed by the manager.'),
];

async function sampleSequences(): Promise<readonly TokenSequence[]> {
  const json = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(SAMPLE_MODEL, name), 'utf8'));
  const tokenizer = loadTokenizer({
    tokenizer: await json('tokenizer.json'),
    config: await json('tokenizer_config.json'),
  });
  const { policy } = await sampleRun();
  return tokenizeShard(QUESTIONS, tokenizer, policy.tokenize).sequences;
}

/** The adapter that a whole run of the sample makes: through redaction, review and training. */
async function ofTheSample(): Promise<Subject> {
  const installation = await startInstallation({ store: 'files' });
  try {
    const loaded = await sampleRun();
    const { runId } = await installation.run(loaded);
    const steps = await readRunSteps(installation.stores, runId);
    const train = steps.find(({ result }) => result.step.startsWith('custos.train.'))?.result;
    const read = (name: string): Promise<Uint8Array> =>
      installation.stores.artifacts.get(
        train?.outputs[name] as ArtifactRef,
        loaded.request.project,
      );
    const adapter = {
      'adapter_config.json': await read('adapterConfig'),
      'adapter_model.safetensors': await read('adapterWeights'),
    };
    return { modelDirectory: SAMPLE_MODEL, adapter, sequences: await sampleSequences() };
  } finally {
    await installation.close();
  }
}

type MakeSubject = (directory: string) => Promise<Subject>;

const varied =
  (change: Partial<TrainSettings>): MakeSubject =>
  (directory) =>
    oddlySized(directory, change);

const SUBJECTS: readonly (readonly [string, MakeSubject])[] = [
  ['of a model with odd sizes', varied({})],
  ['with rsLoRA on two modules', varied({ rsLora: true, targetModules: ['v_proj', 'down_proj'] })],
  [
    'with LoRA+ on the attention',
    varied({ loraPlusRatio: 8, targetModules: ['q_proj', 'o_proj'] }),
  ],
  ['with DoRA on all modules', varied({ dora: true })],
  ['of the sample run', ofTheSample],
];

describe.skipIf(python === undefined).each(SUBJECTS)('the adapter %s in peft', (_, makeSubject) => {
  let directory = '';
  let compared: Compared;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'custos-peft-'));
    const subject = await makeSubject(directory);
    const work = join(directory, 'compared');
    await mkdir(work);
    compared = await compareWithPeer({ ...subject, directory: work, python: python ?? '' });
  }, 15 * MINUTE);
  afterAll(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  it('gives the same logits over the dequantized base', async () => {
    expect(compared.engine.logits.length).toBeGreaterThan(0);
    await expectSameLogits(compared, 1e-4);
  });

  it('gives the same loss', async () => {
    await expectSameLoss(compared, 1e-5);
  });

  it('generates the same tokens greedily', () => {
    expect(compared.peerGenerated.flat().length).toBeGreaterThan(20);
    expect(compared.generated).toEqual(compared.peerGenerated);
  });

  it('gives the same gradient for every LoRA tensor', async () => {
    await expectSameGradients(compared, 1e-4);
  });
});
