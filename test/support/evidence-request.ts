import { sha256 } from '../../domain/lineage/index.js';
import type { RunRequest } from '../../schemas/index.js';

/** The run request of the bundles that tests make. */
export const REQUEST: RunRequest = {
  schema: 'custos.run.v1',
  project: 'bank',
  name: 'support',
  policy: 'sample',
  baseModel: { path: 'model', revision: sha256('revision') },
  dataset: {
    name: 'support',
    sources: [
      {
        name: 'tickets',
        path: 'tickets.jsonl',
        format: 'jsonl',
        shape: 'prompt',
        fields: [{ name: 'prompt', from: '/text', purpose: 'answering tickets' }],
      },
    ],
  },
  adapter: { name: 'support' },
};
