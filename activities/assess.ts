import { join } from 'node:path';
import { assessModel, type ModelFile } from '../domain/assess/index.js';
import { memorySource } from '../domain/model/index.js';
import type { ArtifactRef } from '../schemas/index.js';
import { assertDigest, type Executor } from './context.js';

/** Reads a whole file of this machine. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/** Verifies each file's digest against the pinned revision, checks the model and stores its files. */
export function createAssess(readFile: ReadFile): Executor {
  return async (context) => {
    const files = context.params['files'] as readonly ModelFile[];
    const revision = context.params['revision'] as string;
    const contents = new Map<string, Uint8Array>();
    for (const file of files) {
      const bytes = await readFile(join(context.hint('model'), file.name));
      assertDigest(bytes, file.digest, `base model file ${file.name}`);
      contents.set(file.name, bytes);
      context.heartbeat({ verified: contents.size, files: files.length });
    }
    const bytesOf = (name: string) => contents.get(name) ?? new Uint8Array();
    const model = { files, range: (name: string) => memorySource(name, bytesOf(name)) };
    const report = await assessModel(model, revision, context.policy.assess);
    const stored: ArtifactRef[] = [];
    for (const file of files) {
      stored.push(await context.put(bytesOf(file.name), 'public', mediaTypeOf(file.name)));
    }
    const named = (name: string) => stored[files.findIndex((file) => file.name === name)];
    return {
      outputs: {
        files: stored,
        tokenizer: named('tokenizer.json') as ArtifactRef,
        tokenizerConfig: named('tokenizer_config.json') as ArtifactRef,
        report: await context.putJson(
          report,
          'evidence',
          'application/vnd.custos.assess-report+json',
        ),
      },
      counts: { files: files.length, parameters: report.parameters },
      values: {
        revision,
        architecture: report.architecture,
        fileNames: files.map((file) => file.name),
      },
    };
  };
}

const mediaTypeOf = (name: string): string =>
  name.endsWith('.json') ? 'application/json' : 'application/octet-stream';
