import { randomBytes } from 'node:crypto';
import { canonicalBytes, LineageError, type DocumentStore } from '../../domain/lineage/index.js';
import { broken } from './blocks.js';
import { atStore } from './faults.js';

const KEY = 'ledger/log.json';
const LOG_ID = /^[a-z0-9][a-z0-9._-]{0,127}$/;

/**
 * The id of the log in this store, given at its first opening and fixed from then on.
 * @throws LineageError EVIDENCE_INVALID when the store holds another log than the wanted one
 */
export async function openLogIdentity(
  documents: DocumentStore,
  wanted: string | undefined,
): Promise<string> {
  const logId = wanted ?? `custos-${randomBytes(8).toString('hex')}`;
  if (!LOG_ID.test(logId)) {
    throw new LineageError('EVIDENCE_INVALID', `a log's id has the form ${LOG_ID.source}`);
  }
  const bytes = canonicalBytes({ schema: 'custos.ledger-log.v1', logId });
  const known = await atStore(`read ${KEY}`, () => documents.read(KEY));
  if (known === undefined && (await atStore(`write ${KEY}`, () => documents.create(KEY, bytes)))) {
    return logId;
  }
  const stored = known ?? (await atStore(`read ${KEY}`, () => documents.read(KEY)));
  const found = parse(stored?.bytes);
  if (wanted !== undefined && wanted !== found) {
    throw new LineageError(
      'EVIDENCE_INVALID',
      `this store holds the log ${found}, not ${wanted}; open it by its own id or use another store`,
    );
  }
  return found;
}

function parse(bytes: Uint8Array | undefined): string {
  try {
    const text = Buffer.from(bytes ?? []).toString('utf8');
    const { logId } = JSON.parse(text) as { logId?: unknown };
    if (typeof logId === 'string' && LOG_ID.test(logId)) return logId;
  } catch {
    // Falls through to the one error below.
  }
  throw broken(`${KEY} does not name the log`);
}
