import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { digestsInText, type Digest } from '../domain/lineage/index.js';
import type { OpenWork } from '../infra/garbage/index.js';
import { CliError } from './errors.js';

const PLAIN: ReadonlySet<string> = new Set(['json/plain', 'binary/null', 'json/protobuf']);

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

interface PayloadLike {
  readonly metadata?: { readonly encoding?: unknown } | null;
  readonly data?: unknown;
}

/** @throws CliError NOT_RUNNING when a payload cannot be read: what it names could be taken */
function digestsOfPayload({ metadata, data }: PayloadLike): Iterable<Digest> {
  const encoding = metadata?.encoding;
  const name = encoding instanceof Uint8Array ? textOf(encoding) : encoding;
  if (typeof name === 'string' && !PLAIN.has(name)) {
    throw new CliError(
      'NOT_RUNNING',
      `the payloads of an open workflow are encoded (${name.slice(0, 40)}), so nobody can say what it relies on. Nothing was removed; wait until it has ended`,
    );
  }
  return data instanceof Uint8Array ? digestsInText(textOf(data)) : [];
}

/** Every digest in the payloads of a history. */
function* digestsInHistory(value: unknown): Generator<Digest> {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  const payload = value as PayloadLike;
  if (payload.data instanceof Uint8Array) {
    yield* digestsOfPayload(payload);
    return;
  }
  const members = Array.isArray(value) ? (value as unknown[]) : Object.values(value);
  for (const member of members) yield* digestsInHistory(member);
}

async function digestsOf(client: Client, info: WorkflowExecutionInfo): Promise<Iterable<Digest>> {
  const { workflowId, runId } = info;
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  return digestsInHistory(events ?? []);
}

/**
 * The workflows that are open and every digest that they were given or have yielded.
 * @throws CliError NOT_RUNNING when the server does not tell: nothing may be removed then
 */
export async function askOpenWork(client: Client): Promise<OpenWork> {
  const workflows: { id: string; startedMs: number }[] = [];
  const digests = new Set<Digest>();
  try {
    for await (const info of client.workflow.list({ query: 'ExecutionStatus = "Running"' })) {
      workflows.push({ id: info.workflowId, startedMs: info.startTime.getTime() });
      for (const digest of await digestsOf(client, info)) digests.add(digest);
    }
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError(
      'NOT_RUNNING',
      'Temporal does not tell which runs are open, so nobody can say what they rely on. Nothing was removed; run "custos status" or "custos doctor"',
      { cause },
    );
  }
  return { workflows, digests };
}
