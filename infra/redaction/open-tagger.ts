import {
  createNameTagger,
  type NameModel,
  type NameTagger,
  type Profile,
} from '../../domain/redact/index.js';
import { builtInModel } from './built-in-models.js';
import { NameModelError } from './errors.js';
import { openClassifier } from './onnx-classifier.js';

const opened = new Map<string, Promise<NameTagger>>();

/** Opens the model in a folder, once a process. */
function openModel(folder: string, digest: string | undefined): Promise<NameTagger> {
  const key = `${folder}\n${digest ?? ''}`;
  const before = opened.get(key);
  if (before !== undefined) return before;
  const tagger = openClassifier(folder, digest).then(createNameTagger);
  opened.set(key, tagger);
  // A folder that is repaired can be opened without a new process.
  tagger.catch(() => opened.delete(key));
  return tagger;
}

/**
 * What reads names under a profile; undefined for `patterns`, which reads none.
 * @param own a model to take in place of the profile's
 * @throws NameModelError when the model is missing, altered or cannot be run, and when a model is
 *   given to a profile that reads no names
 */
export async function openTagger(
  profile: Profile,
  own?: NameModel,
): Promise<NameTagger | undefined> {
  if (profile === 'patterns' && own !== undefined) {
    throw new NameModelError(
      'NAME_MODEL_UNUSED',
      `profile "patterns" reads no names, and the model in ${own.folder} was given to it; take profile "fast" or "thorough", or leave the model out`,
    );
  }
  const model = own ?? builtInModel(profile);
  return model && (await openModel(model.folder, model.digest));
}
