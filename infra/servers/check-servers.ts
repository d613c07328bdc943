import type { DoctorCheck, LocalEndpoints } from '../local/index.js';
import { inspectBuckets, type BucketState } from '../object-store/index.js';
import { describeTemporal } from './temporal.js';

const DAY_MS = 86_400_000;

/** Runs that wait a week for a reviewer, and their evidence, outlive a shorter retention. */
const LEAST_RETENTION_DAYS = 30;

/** Asks configured servers for what the pipeline needs of them; changes nothing. */
export async function checkServers(servers: LocalEndpoints): Promise<readonly DoctorCheck[]> {
  const [temporal, store] = await Promise.all([checkTemporal(servers), checkStore(servers)]);
  return [...temporal, ...store];
}

async function checkTemporal({ temporal }: LocalEndpoints): Promise<readonly DoctorCheck[]> {
  const { address, namespace } = temporal;
  const check = { name: 'temporal', required: true };
  const hint =
    'Check address, network, certificates and that the namespace exists; see docs/operations.md.';
  try {
    const { version, retentionMs, missingAttributes } = await describeTemporal(temporal);
    const days = retentionMs / DAY_MS;
    return [
      {
        ...check,
        ok: true,
        detail: `${address} answers; server ${version}, namespace ${namespace}`,
      },
      {
        name: 'temporal retention',
        ok: days >= LEAST_RETENTION_DAYS,
        required: false,
        detail: `closed workflows stay readable for ${String(days)} days`,
        hint: `Give the namespace at least ${String(LEAST_RETENTION_DAYS)} days.`,
      },
      attributesCheck(missingAttributes),
    ];
  } catch (error) {
    return [{ ...check, ok: false, detail: `${address}, ${namespace}: ${reasonOf(error)}`, hint }];
  }
}

function attributesCheck(missing: readonly string[] | undefined): DoctorCheck {
  return {
    name: 'temporal search attributes',
    ok: missing?.length === 0,
    // Unknown where the credentials may not list them, as on a hosted service.
    required: missing !== undefined,
    detail:
      missing === undefined
        ? 'may not be listed with these credentials'
        : missing.length === 0
          ? 'all there'
          : `missing: ${missing.join(', ')}`,
    hint: 'Create them as Keyword, or runs stand still at their first mark; see docs/operations.md.',
  };
}

// gRPC's status number, a system code or a class: never a server's own words.
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  const code: unknown = 'code' in error ? error.code : undefined;
  return code === 5
    ? 'there is no such namespace'
    : typeof code === 'string' || typeof code === 'number'
      ? `${error.name} ${code}`
      : error.name;
}

async function checkStore({ store }: LocalEndpoints): Promise<readonly DoctorCheck[]> {
  if (store.kind === 'files') return [];
  const transport: DoctorCheck = {
    name: 'store transport',
    ok: store.endpoint.startsWith('https:') || isLoopback(store.endpoint),
    required: false,
    detail: store.endpoint,
    hint: 'Use https, or keep the store on a network of its own.',
  };
  try {
    const buckets = await inspectBuckets(store);
    return [transport, evidenceCheck(buckets.evidence), dataCheck(buckets.data)];
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'failed';
    const hint = 'Check endpoint, credentials and the policy of the access key.';
    return [transport, { name: 'store', ok: false, required: true, detail, hint }];
  }
}

function isLoopback(endpoint: string): boolean {
  return /^http:\/\/(127\.|localhost[:/]|\[::1\])/.test(`${endpoint}/`);
}

function evidenceCheck({ name, exists, locked }: BucketState): DoctorCheck {
  const lock = locked ? 'object lock is on' : 'no object lock';
  return {
    name: 'evidence bucket',
    ok: exists && locked,
    required: true,
    detail: `${name}: ${exists ? lock : 'not there'}`,
    hint: 'Create it with object lock ("mc mb --with-lock"); a lock cannot be added later.',
  };
}

function dataCheck({ name, exists, locked, versioned }: BucketState): DoctorCheck {
  const kept = locked || versioned;
  const state = kept ? 'keeps old versions' : 'no lock, no versions';
  return {
    name: 'data bucket',
    ok: exists && !kept,
    required: true,
    detail: `${name}: ${exists ? state : 'not there'}`,
    hint: 'Create it without lock and without versioning, or nothing in it could be erased.',
  };
}
