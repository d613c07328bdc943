import type { Stores } from '../infra/runtime/index.js';
import type { RegistryEntry } from '../schemas/index.js';
import { CliError } from './errors.js';

/** An adapter as a person names it; its project may be left out. */
export interface NamedAdapter {
  readonly project?: string;
  readonly name: string;
  readonly version?: number;
}

/** An adapter of one project; without a version whichever the command means. */
export interface AdapterName extends NamedAdapter {
  readonly project: string;
}

/** What `--project` says of itself where an adapter is named. */
export const PROJECT_OF_ADAPTER = 'project of the adapter (found by its name when left out)';

const FORM = /^(?:(?<project>[^/@]+)\/)?(?<name>[^/@]+)(?:@(?<version>[1-9]\d{0,8}))?$/;

/**
 * `NAME` or `NAME@VERSION`, or either behind `PROJECT/` as "custos adapters" prints it.
 * @param project of the option `--project`
 * @throws CliError USAGE
 */
export function parseAdapter(text: string, project?: string): NamedAdapter {
  const { name, version, project: own } = FORM.exec(text)?.groups ?? {};
  if (name === undefined) {
    throw new CliError('USAGE', 'an adapter is NAME, NAME@VERSION or PROJECT/NAME@VERSION');
  }
  if (own !== undefined && project !== undefined && own !== project) {
    throw new CliError('USAGE', `${text} is of project ${own}, and --project names ${project}`);
  }
  const meant = own ?? project;
  return {
    ...(meant === undefined ? {} : { project: meant }),
    name,
    ...(version === undefined ? {} : { version: Number(version) }),
  };
}

/** `PROJECT/NAME@VERSION`, as far as it is known. */
export function adapterText({ project, name, version }: NamedAdapter): string {
  const owner = project === undefined ? '' : `${project}/`;
  return version === undefined ? `${owner}${name}` : `${owner}${name}@${String(version)}`;
}

/**
 * The project is the one that is named, or the only one that has such an adapter.
 * @throws CliError NOT_FOUND naming the adapters that there are, USAGE when several projects have it
 */
export async function inProject(
  { registry }: Pick<Stores, 'registry'>,
  named: NamedAdapter,
): Promise<AdapterName> {
  const { project } = named;
  const all = await registry.list();
  const found = all.filter(
    (entry) =>
      entry.name === named.name &&
      entry.project === (project ?? entry.project) &&
      entry.version === (named.version ?? entry.version),
  );
  const [owner, ...others] = new Set(found.map((entry) => entry.project));
  if (owner === undefined) {
    const known = all.map(adapterText).join(', ');
    throw new CliError(
      'NOT_FOUND',
      `there is no adapter ${adapterText(named)}; ${known === '' ? 'there is none at all' : `there are ${known}`}`,
    );
  }
  if (others.length === 0) return { ...named, project: owner };
  const choices = [owner, ...others].map((one) => adapterText({ ...named, project: one }));
  throw new CliError('USAGE', `say which: ${choices.join(' or ')} (or give --project)`);
}

/** Finds an adapter; without a version the newest that is not revoked. @throws CliError NOT_FOUND, USAGE */
export async function findAdapter(
  { registry }: Pick<Stores, 'registry'>,
  named: NamedAdapter,
): Promise<RegistryEntry> {
  const { project, name, version } = await inProject({ registry }, named);
  const entry = await registry.find(project, name, version);
  if (entry !== undefined) return entry;
  throw new CliError(
    'NOT_FOUND',
    `every version of ${adapterText({ project, name })} is revoked; name one to look at it`,
  );
}
