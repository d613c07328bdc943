import { flattenRefs, parseList, refOfItem } from '../../domain/lineage/index.js';
import { drawAt } from '../../domain/sample/index.js';
import { decodeTokenShard, type TokenSequence } from '../../domain/tokenize/index.js';
import { startTrainingThread } from '../../infra/compute/index.js';
import type { Stores } from '../../infra/runtime/index.js';
import type {
  ArtifactRef,
  ComputeEnvironment,
  Policy,
  StepResult,
  TrainPlan,
} from '../../schemas/index.js';

const SHUFFLE_SEED = 7;

/** The tokens of a sequence before its first learned one, and from it on. */
function splitAtResponse({ ids, lossMask }: TokenSequence) {
  const at = lossMask.indexOf(1);
  return { prompt: ids.subarray(0, at), response: ids.subarray(at), mask: lossMask.subarray(at) };
}

/** Every request with the response to another one, at most `maxLength` tokens. */
function shuffleResponses(
  sequences: readonly TokenSequence[],
  maxLength: number,
): readonly TokenSequence[] {
  const responses = drawAt(SHUFFLE_SEED, 0, 0).shuffle(sequences.map(splitAtResponse));
  return sequences.map((sequence, index) => {
    const { prompt } = splitAtResponse(sequence);
    const { response, mask } = responses[index] ?? splitAtResponse(sequence);
    const lossMask = [...new Uint8Array(prompt.length), ...mask].slice(0, maxLength);
    return {
      ...sequence,
      ids: Int32Array.from([...prompt, ...response].slice(0, maxLength)),
      lossMask: Uint8Array.from(lossMask),
    };
  });
}

export interface HeldOutLosses {
  readonly before: number;
  readonly after: number;
}

/**
 * Trains as a run's train step did, on the same requests with each other's responses: what is
 * learned then is how answers sound, not what they answer. Canaries stay as they are.
 */
export async function trainOnShuffledResponses(
  stores: Stores,
  project: string,
  train: StepResult,
  options: { readonly modelDirectory: string; readonly policy: Policy },
): Promise<HeldOutLosses> {
  const read = async (ref: ArtifactRef | undefined) => {
    if (ref === undefined) throw new Error('the train step lacks an artifact');
    return stores.artifacts.get(ref, project);
  };
  const refs = (table: StepResult['inputs'], name: string) =>
    flattenRefs(Object.fromEntries(Object.entries(table).filter(([key]) => key === name)));
  const json = async <T>(ref: ArtifactRef | undefined) =>
    JSON.parse(Buffer.from(await read(ref)).toString('utf8')) as T;
  const environment = await json<ComputeEnvironment>(refs(train.inputs, 'environment')[0]);
  const plan = await json<TrainPlan>(refs(train.outputs, 'plan')[0]);
  const all: TokenSequence[] = [];
  for (const list of refs(train.inputs, 'tokens')) {
    const items = parseList(await json(list), 'the list of token sets');
    for (const item of items) all.push(...decodeTokenShard(await read(refOfItem(item, 'tokens'))));
  }
  const canaries = decodeTokenShard(await read(refs(train.inputs, 'canaryTokens')[0]));
  const { policy, modelDirectory } = options;
  const trained = all.filter(({ heldOut }) => !heldOut);
  const { state } = await startTrainingThread({
    modelDirectory,
    baseModelName: 'control',
    compute: { backend: environment.backend, required: environment },
    settings: policy.train,
    plan,
    sequences: [...shuffleResponses(trained, policy.tokenize.maxLength), ...canaries],
    heldOut: all.filter(({ heldOut }) => heldOut),
  }).done;
  const loss = (step: number) =>
    state.evaluations.find((evaluation) => evaluation.step === step)?.heldOutLoss ?? Number.NaN;
  return { before: loss(0), after: loss(state.step) };
}
