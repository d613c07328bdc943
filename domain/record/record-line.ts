import type { TrainingRecord } from '../../schemas/index.js';
import { RecordError } from './errors.js';

/**
 * A record in canonical form (RFC 8785) and a newline. The members of a record are known, and
 * JSON.stringify writes strings as RFC 8785 does: a third of the time of a general canonical form.
 */
export function recordLine({ id, subjectId, messages }: TrainingRecord): string {
  let list = '';
  for (const { content, role } of messages) {
    if (list !== '') list += ',';
    list += `{"content":${JSON.stringify(content)},"role":${JSON.stringify(role)}}`;
  }
  const subject = subjectId === undefined ? '' : `,"subjectId":${JSON.stringify(subjectId)}`;
  return `{"id":${JSON.stringify(id)},"messages":[${list}]${subject}}\n`;
}

/** A record of an encoded shard that was not parsed. */
interface RecordLine {
  readonly id: string;
  /** Its line with the newline: a view of the shard's bytes. */
  readonly line: Uint8Array;
}

const NEWLINE = 0x0a;
/** `{"id":"`, the key's id, a colon and the digest. */
const HEAD = /^\{"id":"([0-9a-f]{8}:[0-9a-f]{64})",/;
const HEAD_BYTES = 7 + 8 + 1 + 64 + 2;

/**
 * The lines of a shard with their records' ids, for steps that pass records on as they are. Only
 * the ids are looked at: a shard's bytes were checked when they were made, and its digest since.
 * @param where names the shard in errors, for instance its digest
 * @throws RecordError SHARD_INVALID
 */
export function shardLines(bytes: Uint8Array, where: string): RecordLine[] {
  const input = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lines: RecordLine[] = [];
  for (let from = 0; from < input.length;) {
    const end = input.indexOf(NEWLINE, from) + 1;
    const id = HEAD.exec(input.toString('latin1', from, from + HEAD_BYTES))?.[1];
    if (end === 0 || id === undefined) {
      const place = `${where}, record ${String(lines.length + 1)}`;
      throw new RecordError('SHARD_INVALID', `${place}: not a whole line of a record`);
    }
    lines.push({ id, line: input.subarray(from, end) });
    from = end;
  }
  return lines;
}
