import { canonicalBytes, type DocumentStore } from '../../domain/lineage/index.js';
import { check, validateRegistryEntry, type RegistryEntry } from '../../schemas/index.js';

/** Adapters by project, name and version. Versions are never reused. */
export interface Registry {
  /** The version that holds this adapter under this policy already, or the next free one. */
  register(draft: Omit<RegistryEntry, 'version'>): Promise<RegistryEntry>;
  find(project: string, name: string, version?: number): Promise<RegistryEntry | undefined>;
  list(project?: string): Promise<readonly RegistryEntry[]>;
}

const keyOf = (project: string, name: string, version: number): string =>
  `${project}/${name}/${String(version).padStart(6, '0')}.json`;

export function openRegistry(documents: DocumentStore): Registry {
  const readKey = async (key: string): Promise<RegistryEntry | undefined> => {
    const document = await documents.read(key);
    if (document === undefined) return undefined;
    const json: unknown = JSON.parse(Buffer.from(document.bytes).toString('utf8'));
    return check(validateRegistryEntry, json, `registry entry ${key}`);
  };
  const below = async (prefix: string): Promise<RegistryEntry[]> => {
    const entries: RegistryEntry[] = [];
    for await (const key of documents.list(prefix)) {
      const entry = await readKey(key);
      if (entry !== undefined) entries.push(entry);
    }
    return entries.sort((a, b) => a.name.localeCompare(b.name) || a.version - b.version);
  };
  const find: Registry['find'] = async (project, name, version) => {
    if (version !== undefined) return readKey(keyOf(project, name, version));
    return (await below(`${project}/${name}/`)).at(-1);
  };
  return {
    find,
    list: (project) => below(project === undefined ? '' : `${project}/`),
    register: async (draft) => {
      for (;;) {
        const known = await below(`${draft.project}/${draft.name}/`);
        const same = known.find(
          (entry) =>
            entry.adapterDigest === draft.adapterDigest &&
            entry.policyDigest === draft.policyDigest &&
            entry.stage === draft.stage,
        );
        if (same !== undefined) return same;
        const version = (known.at(-1)?.version ?? 0) + 1;
        const entry = check(validateRegistryEntry, { ...draft, version }, 'registry entry');
        const key = keyOf(draft.project, draft.name, version);
        // Losing a race to another run means that the number is taken: look again.
        if (await documents.create(key, canonicalBytes(entry))) return entry;
      }
    },
  };
}
