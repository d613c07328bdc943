import { createHash, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import {
  checkedPieces,
  isStreamBody,
  piecesOf,
  type ObjectBody,
  type ObjectStat,
} from './driver.js';
import { codeOf } from './errors.js';
import type { S3Connection } from './s3-connection.js';
import { readBody, requireAbsence } from './s3-request.js';
import { versionsOf } from './s3-versions.js';

/** An object on a server: the bucket by its real name. */
export interface S3Place {
  readonly endpoint: string;
  readonly bucket: string;
  readonly key: string;
}

type Condition = { readonly 'if-none-match': '*' } | { readonly 'if-match': string };

/** One atomic PUT, at most 5 GiB: the new etag, or undefined when the condition does not hold. */
export async function putObject(
  connection: S3Connection,
  place: S3Place,
  body: ObjectBody,
  condition: Condition,
  lock: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const writer = randomUUID();
  const { sizeBytes, sha256Hex } = measure(body);
  const headers = {
    ...condition,
    ...lock,
    'content-length': String(sizeBytes),
    'x-amz-checksum-sha256': Buffer.from(sha256Hex, 'hex').toString('base64'),
    'x-amz-meta-writer': writer,
  };
  const { bucket: bucketName, key: objectName } = place;
  return connection.retrying(place, async (attempt) => {
    try {
      const content = isStreamBody(body)
        ? Readable.from(checkedPieces(body, place))
        : piecesOf(body);
      const request = { method: 'PUT', bucketName, objectName, headers } as const;
      const response = await connection.send(request, [200], { content, sha256Hex });
      response.resume();
      return etagOf(response.headers);
    } catch (error) {
      const code = codeOf(error);
      if (code === 'NoSuchKey' && 'if-match' in condition) return undefined;
      if (code !== 'PreconditionFailed') throw error;
      // After a lost answer the object that is in the way may be our own.
      return attempt === 0 ? undefined : etagIfOurs(connection, place, writer);
    }
  });
}

async function etagIfOurs(
  connection: S3Connection,
  place: S3Place,
  writer: string,
): Promise<string | undefined> {
  return askObject(connection, place, { method: 'HEAD' }, (response) => {
    response.resume();
    const ours = response.headers['x-amz-meta-writer'] === writer;
    return Promise.resolve(ours ? etagOf(response.headers) : undefined);
  });
}

interface Question {
  readonly method: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  readonly versionId?: string;
}

/**
 * A GET or HEAD; undefined when there is no such object. Where a delete marker hides locked
 * versions, the newest of them is asked for. `read` also sees 416 (range not satisfiable).
 */
export async function askObject<T>(
  connection: S3Connection,
  place: S3Place,
  question: Question,
  read: (response: IncomingMessage) => Promise<T>,
): Promise<T | undefined> {
  const { method, headers = {}, versionId } = question;
  const query =
    versionId === undefined ? {} : { query: `versionId=${encodeURIComponent(versionId)}` };
  const { bucket: bucketName, key: objectName } = place;
  const answer = await connection.retrying(place, async () => {
    const request = { method, bucketName, objectName, headers, ...query };
    const response = await connection.send(request, [200, 206, 404, 416]);
    if (response.statusCode !== 404) return { value: await read(response) };
    await requireAbsence(response);
    return { hidden: response.headers['x-amz-delete-marker'] === 'true' };
  });
  if ('value' in answer || !answer.hidden || versionId !== undefined) return answer.value;
  const [newest] = await versionsOf(connection, place.bucket, place.key, place);
  if (newest === undefined) return undefined;
  return askObject(connection, place, { ...question, versionId: newest.versionId }, read);
}

export function etagOf(headers: IncomingHttpHeaders): string {
  return (headers.etag ?? '').replaceAll('"', '');
}

/** Whole seconds: HTTP has no finer ones. */
export function modifiedOf(headers: IncomingHttpHeaders): number {
  const modifiedMs = Date.parse(headers['last-modified'] ?? '');
  // Without a time an object counts as of now: nothing may take it for an old one.
  return Number.isNaN(modifiedMs) ? Date.now() : modifiedMs;
}

/**
 * Copies an object onto itself, which gives it a new time and nothing else; false when it is gone.
 * It keeps the name of its writer, by which a writer that lost its answer knows its own object.
 */
export async function freshenObject(connection: S3Connection, place: S3Place): Promise<boolean> {
  const writer = await askObject(connection, place, { method: 'HEAD' }, (response) => {
    response.resume();
    return Promise.resolve(response.headers['x-amz-meta-writer'] ?? '');
  });
  if (writer === undefined) return false;
  const { bucket: bucketName, key: objectName } = place;
  const headers = {
    'x-amz-copy-source': `/${bucketName}/${objectName.split('/').map(encodeURIComponent).join('/')}`,
    'x-amz-metadata-directive': 'REPLACE',
    'x-amz-meta-writer': String(writer),
  };
  return connection.retrying(place, async () => {
    const request = { method: 'PUT', bucketName, objectName, headers } as const;
    const response = await connection.send(request, [200, 404]);
    if (response.statusCode === 404) {
      await requireAbsence(response);
      return false;
    }
    const body = await readBody(response);
    // A copy that fails late has the status of one that went well.
    if (!body.includes('<CopyObjectResult')) throw withCode('InternalError');
    return true;
  });
}

export function statOf(headers: IncomingHttpHeaders): ObjectStat {
  const mode = headers['x-amz-object-lock-mode'];
  const until = headers['x-amz-object-lock-retain-until-date'];
  const locked = typeof mode === 'string' && typeof until === 'string';
  return {
    sizeBytes: Number(headers['content-length']),
    etag: etagOf(headers),
    modifiedMs: modifiedOf(headers),
    ...(locked ? { retention: { mode, retainUntil: new Date(until) } } : {}),
  };
}

function measure(body: ObjectBody): { readonly sizeBytes: number; readonly sha256Hex: string } {
  if (isStreamBody(body)) return body;
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for (const piece of piecesOf(body)) {
    hash.update(piece);
    sizeBytes += piece.length;
  }
  return { sizeBytes, sha256Hex: hash.digest('hex') };
}

function withCode(code: string): Error {
  return Object.assign(new Error(code), { code });
}
