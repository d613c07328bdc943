import { adapterDigestOf } from '../domain/evidence/index.js';
import type { ArtifactStore } from '../domain/lineage/index.js';
import type { ArtifactRef, RegistryEntry, StepResult } from '../schemas/index.js';
import type { ControlActivities, RegisterRequest } from './api.js';

export interface RegisterDeps {
  readonly artifacts: ArtifactStore;
  readonly registry: {
    register(draft: Omit<RegistryEntry, 'version'>): Promise<RegistryEntry>;
  };
}

const digestIn = (table: StepResult['inputs'], name: string): string =>
  (table[name] as ArtifactRef | undefined)?.digest ?? '';

/** Every input of the release step that is a report, under its registry name: auditReport -> audit. */
function reportsOf({ inputs }: StepResult): RegistryEntry['reports'] {
  const names = Object.keys(inputs).filter((name) => name.endsWith('Report'));
  return Object.fromEntries(
    names.map((name) => [name.slice(0, -'Report'.length).toLowerCase(), digestIn(inputs, name)]),
  );
}

export function createRegister({
  artifacts,
  registry,
}: RegisterDeps): Pick<ControlActivities, 'register'> {
  return {
    register: async ({ runId, project, adapter, release, train, submitter }: RegisterRequest) => {
      const entry = await registry.register({
        schema: 'custos.registry-entry.v1',
        project,
        name: adapter,
        adapterDigest: adapterDigestOf(train),
        runId,
        submitter: { issuer: submitter.issuer, subject: submitter.subject },
        stage: release.values['stage'] as RegistryEntry['stage'],
        baseModelRevision: release.values['baseModelRevision'] as string,
        policyDigest: digestIn(release.inputs, 'policy'),
        decisionDigest: digestIn(release.outputs, 'decision'),
        reports: reportsOf(release),
        approvals: [digestIn(release.inputs, 'approval')],
        createdAt: new Date().toISOString(),
        promotions: [],
      });
      const ref = await artifacts.put(Buffer.from(JSON.stringify(entry), 'utf8'), {
        class: 'evidence',
        mediaType: 'application/vnd.custos.registry-entry+json',
        project,
      });
      const { name, version, stage, adapterDigest } = entry;
      return { name, version, stage, adapterDigest, entry: ref };
    },
  };
}
