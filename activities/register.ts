import type { ArtifactStore } from '../domain/lineage/index.js';
import type { RegistryEntry, StepResult } from '../schemas/index.js';
import type { ControlActivities, RegisterRequest } from './api.js';

export interface RegisterDeps {
  readonly artifacts: ArtifactStore;
  readonly registry: {
    register(draft: Omit<RegistryEntry, 'version'>): Promise<RegistryEntry>;
  };
}

/** What the release step found, as its values carry it. */
export type ReleaseFacts = Pick<
  RegistryEntry,
  'stage' | 'gates' | 'reports' | 'approvals' | 'submitter' | 'baseModelRevision' | 'policyDigest'
>;

const digestOf = (result: StepResult, name: string): string => {
  const ref = result.outputs[name];
  return ref === undefined || Array.isArray(ref) ? '' : ref.digest;
};

export function createRegister({ artifacts, registry }: RegisterDeps): Pick<ControlActivities, 'register'> {
  return {
    register: async (request: RegisterRequest) => {
      const facts = request.release.values['facts'] as ReleaseFacts;
      const entry = await registry.register({
        schema: 'custos.registry-entry.v1',
        project: request.project,
        name: request.adapter,
        adapterDigest: digestOf(request.train, 'adapterWeights'),
        runId: request.runId,
        ...facts,
        createdAt: new Date().toISOString(),
        promotions: [],
      });
      const ref = await artifacts.put(Buffer.from(JSON.stringify(entry), 'utf8'), {
        class: 'evidence',
        mediaType: 'application/vnd.custos.registry-entry+json',
        project: request.project,
      });
      const { name, version, stage, adapterDigest } = entry;
      return { name, version, stage, adapterDigest, entry: ref };
    },
  };
}
