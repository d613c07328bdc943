import { createNameTagger, type NameTagger, type Profile } from '../../domain/redact/index.js';
import { builtInModel } from './built-in-models.js';
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
 * @throws NameModelError when the model is missing, altered or cannot be run
 */
export async function openTagger(profile: Profile): Promise<NameTagger | undefined> {
  const model = builtInModel(profile);
  return model && (await openModel(model.folder, model.digest));
}
