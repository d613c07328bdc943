import { join } from 'node:path';
import { adapterFilesOf, parseJson } from '../domain/evidence/index.js';
import { refsOf } from '../domain/lineage/index.js';
import type { AdapterFiles } from '../domain/model/index.js';
import {
  encodePrompt,
  loadTokenizer,
  type Message,
  type TextTokenizer,
} from '../domain/tokenize/index.js';
import { startInferenceThread } from '../infra/compute/index.js';
import { createModelCache } from '../infra/runtime/index.js';
import {
  check,
  validatePolicy,
  type ArtifactRef,
  type Policy,
  type RegistryEntry,
  type StepResult,
} from '../schemas/index.js';
import { findAdapter, inProject, type NamedAdapter } from './adapter-name.js';
import type { Workspace } from './compose.js';
import { CliError } from './errors.js';
import { readRunSteps } from './run-evidence.js';
import { refOf, stageOf } from './stage-results.js';
import { createTextStream } from './text-stream.js';

export interface Sampling {
  readonly maxNewTokens: number;
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
  readonly repetitionPenalty: number;
  /** Texts before which an answer ends. */
  readonly stop: readonly string[];
  readonly seed: number;
}

/** A base model with an adapter on it, loaded in a thread of its own. */
export interface Answerer {
  readonly backend: string;
  /**
   * The answer to a conversation that ends with the user. One model in memory serves both sides:
   * the adapter is added to it, never merged into it.
   * @param onText gets the answer's text as it comes
   */
  answer(
    messages: readonly Message[],
    adapter: 'on' | 'off',
    sampling: Sampling,
    onText?: (text: string) => void,
  ): Promise<string>;
  close(): Promise<void>;
}

type ReadArtifact = (ref: ArtifactRef) => Promise<Uint8Array>;

const jsonOf = async (read: ReadArtifact, ref: ArtifactRef): Promise<unknown> =>
  parseJson(await read(ref), `artifact ${ref.digest}`);

async function tokenizerOf(assess: StepResult, read: ReadArtifact): Promise<TextTokenizer> {
  return loadTokenizer({
    tokenizer: await jsonOf(read, refOf(assess, 'tokenizer')),
    config: await jsonOf(read, refOf(assess, 'tokenizerConfig')),
  });
}

async function adapterBytes(train: StepResult, read: ReadArtifact): Promise<AdapterFiles> {
  const files = await Promise.all(
    adapterFilesOf(train).map(async ({ path, ref }) => [path, await read(ref)] as const),
  );
  return Object.fromEntries(files) as unknown as AdapterFiles;
}

/** The base model's directory on this machine, every file checked against its digest. */
function materialize(
  workspace: Workspace,
  assess: StepResult,
  read: ReadArtifact,
): Promise<string> {
  const names = assess.values['fileNames'] as readonly string[];
  const refs = refsOf(assess.outputs['files']);
  const files = refs.map((ref, index) => ({ name: names[index] ?? ref.digest, ref }));
  return createModelCache(join(workspace.dataDir, 'cache', 'models'))(files, read);
}

/** An adapter that may speak. @throws CliError NOT_FOUND, USAGE, ADAPTER_REVOKED */
export async function findAnswering(
  { stores }: Workspace,
  named: NamedAdapter,
): Promise<RegistryEntry> {
  const wanted = await inProject(stores, named);
  const { project, name, version } = wanted;
  const all = await stores.registry.list(project);
  const meant = all.filter(
    (entry) => entry.name === name && (version === undefined || entry.version === version),
  );
  if (meant.length > 0 && meant.every(({ stage }) => stage === 'revoked')) {
    const which = version === undefined ? `every version of ${name}` : `${name}@${String(version)}`;
    throw new CliError(
      'ADAPTER_REVOKED',
      `${which} is revoked and answers nobody; "custos adapters" lists the others`,
    );
  }
  return findAdapter(stores, wanted);
}

/** The files of an adapter, each checked against its digest. */
export async function readAdapterFiles(
  { stores }: Workspace,
  entry: RegistryEntry,
): Promise<AdapterFiles> {
  const train = stageOf(await readRunSteps(stores, entry.runId), 'train');
  return adapterBytes(train, (ref) => stores.artifacts.get(ref, entry.project));
}

/**
 * Loads the base model and the adapter that a registry entry names, from the store alone.
 * @throws CliError NOT_FOUND, ComputeError, LineageError
 */
export async function openAnswerer(workspace: Workspace, entry: RegistryEntry): Promise<Answerer> {
  const { stores } = workspace;
  const read: ReadArtifact = (ref) => stores.artifacts.get(ref, entry.project);
  const steps = await readRunSteps(stores, entry.runId);
  const assess = stageOf(steps, 'assess');
  const policyJson = await jsonOf(read, refOf(stageOf(steps, 'release'), 'policy'));
  const policy: Policy = check(validatePolicy, policyJson, 'the policy');
  const tokenizer = await tokenizerOf(assess, read);
  const thread = await startInferenceThread({
    modelDirectory: await materialize(workspace, assess, read),
    compute: { backend: 'auto' },
    quantization: policy.train.quantization,
    adapter: await adapterBytes(stageOf(steps, 'train'), read),
  });
  return {
    backend: thread.environment.backend,
    answer: async (messages, adapter, { stop, ...sampling }, onText) => {
      const ids = encodePrompt([...messages], tokenizer, policy.tokenize.template);
      const stream = createTextStream(
        (tokens) => tokenizer.decode(tokens.filter((id) => !tokenizer.specialIds.has(id))),
        stop,
      );
      let answer = '';
      const show = (text: string) => {
        answer += text;
        if (text !== '') onText?.(text);
      };
      const prompts = [Int32Array.from(ids)];
      await thread.generate({ prompts, adapter, ...sampling }, (_prompt, token) => {
        const { text, done } = stream.push(token);
        show(text);
        return done;
      });
      show(stream.rest());
      return answer;
    },
    close: () => thread.close(),
  };
}
