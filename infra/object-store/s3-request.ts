import * as http from 'node:http';
import * as https from 'node:https';
import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { createSigner, escapeKey, type S3Credentials } from './s3-signature.js';

export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT';
  readonly bucketName: string;
  readonly objectName: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
}

export interface S3Body {
  readonly content: readonly Buffer[] | Readable;
  readonly sha256Hex: string;
}

/** Sends one request about an object; a status not in `statuses` is an error with the store's code. */
export type S3Send = (
  request: S3Request,
  statuses: readonly number[],
  body?: S3Body,
) => Promise<http.IncomingMessage>;

/** Where the objects of a bucket are asked for. */
export interface BucketPlace {
  readonly host: string;
  readonly port: number | undefined;
  /** As the header has it. */
  readonly hostHeader: string;
  /** What stands before an object's key in the path. */
  readonly prefix: string;
}

interface SenderOptions extends S3Credentials {
  readonly secure: boolean;
  readonly agent: http.Agent;
  readonly idleTimeoutMs: number;
  readonly placeOf: (bucketName: string) => BucketPlace;
}

const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/**
 * Requests about objects, without the S3 client: half of a small request's cost was the client's own
 * work, most of all the key of the day's signatures, derived again each time.
 */
export function createSender(options: SenderOptions): S3Send {
  const { secure, placeOf } = options;
  const sign = createSigner(options);
  return async (request, statuses, body) => {
    const { host, port, hostHeader, prefix } = placeOf(request.bucketName);
    const path = prefix + escapeKey(request.objectName);
    const { method, query = '' } = request;
    const headers = sign({
      method,
      path,
      query,
      headers: { ...request.headers, host: hostHeader },
      // Over https the body is covered by TLS and by its checksum header.
      payload: secure ? 'UNSIGNED-PAYLOAD' : (body?.sha256Hex ?? EMPTY_SHA256),
    });
    const fullPath = query === '' ? path : `${path}?${query}`;
    const response = await exchange(options, { host, port, method, path: fullPath, headers }, body);
    if (statuses.includes(response.statusCode ?? 0)) return response;
    throw await refusalOf(response);
  };
}

/** Gives up on a silent connection, which would be waited for without end. */
function exchange(
  { secure, agent, idleTimeoutMs }: SenderOptions,
  request: http.RequestOptions,
  body: S3Body | undefined,
): Promise<http.IncomingMessage> {
  const send = secure ? https.request : http.request;
  return new Promise((resolve, reject) => {
    const sent = send({ ...request, agent, timeout: idleTimeoutMs }, resolve);
    sent.on('error', reject);
    sent.on('timeout', () => {
      sent.destroy(Object.assign(new Error('no traffic'), { code: 'ETIMEDOUT' }));
    });
    const content = body?.content ?? [];
    if (content instanceof Readable) {
      pipeline(content, sent).catch(reject);
      return;
    }
    // Held until the connection is there, and then handed over together.
    for (const piece of content) sent.write(piece);
    sent.end();
  });
}

/** Statuses after which the same request may be sent again, whatever the store says beside them. */
export const BUSY: ReadonlySet<number> = new Set([408, 429, 499, 500, 502, 503, 504, 520]);

/** What an answer without a body means. With one, such a status may be a proxy's that knows no objects. */
const CODES: Readonly<Record<number, string>> = {
  403: 'AccessDenied',
  404: 'NoSuchKey',
  409: 'ConditionalRequestConflict',
  412: 'PreconditionFailed',
};

const ERROR_CODE = /<Code>(\w+)<\/Code>/;

/** Of an answer that refuses: more is not the store's, or not worth to be waited for. */
const REFUSAL_LIMITS = { sizeBytes: 64 * 1024, timeMs: 5000 } as const;

async function refusalOf(response: http.IncomingMessage): Promise<Error> {
  const status = response.statusCode ?? 0;
  if (BUSY.has(status)) {
    // Read beside the retry and not before it, so that its connection can be used again.
    readRefusal(response).catch(() => undefined);
    return new Error(`Retryable HTTP status: ${String(status)}`);
  }
  const code = codeIn(response, await readRefusal(response));
  return Object.assign(new Error(code), { code });
}

/**
 * Returns when a 404 says that there is no such object.
 * @throws an error with the code of what else it says; HTTP404 for a page that is not a store's
 */
export async function requireAbsence(response: http.IncomingMessage): Promise<void> {
  const refusal = await readRefusal(response);
  const code = codeIn(response, refusal);
  const isEmpty = refusal.text === '' && refusal.isWhole;
  if ((isEmpty || ERROR_CODE.test(refusal.text)) && code !== 'NoSuchBucket') return;
  throw Object.assign(new Error(code), { code });
}

interface Refusal {
  readonly text: string;
  readonly isWhole: boolean;
}

function codeIn(response: http.IncomingMessage, { text, isWhole }: Refusal): string {
  const said = ERROR_CODE.exec(text)?.[1];
  if (said !== undefined) return said;
  const header = response.headers['x-minio-error-code'];
  if (typeof header === 'string') return header;
  if (!isWhole) return 'ETIMEDOUT';
  const status = response.statusCode ?? 0;
  return (text === '' ? CODES[status] : undefined) ?? `HTTP${String(status)}`;
}

/** The start of a body within the limits; what goes beyond them is cut off with its connection. */
async function readRefusal(response: http.IncomingMessage): Promise<Refusal> {
  const parts: Buffer[] = [];
  const state = { left: REFUSAL_LIMITS.sizeBytes, isLate: false };
  const timer = setTimeout(() => {
    state.isLate = true;
    response.destroy();
  }, REFUSAL_LIMITS.timeMs).unref();
  response.on('data', (part: Buffer) => {
    if (state.left > 0) parts.push(part.subarray(0, state.left));
    state.left -= part.length;
    if (state.left <= 0) response.destroy();
  });
  try {
    await finished(response);
  } catch (error) {
    if (!state.isLate && state.left > 0) throw error;
  } finally {
    clearTimeout(timer);
  }
  return { text: Buffer.concat(parts).toString('utf8'), isWhole: !state.isLate };
}

/** All bytes of a response to a GET or PUT. */
export async function readBody(response: http.IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  // Not an async iterator: that costs a promise and more for every 64 KiB.
  response.on('data', (part: Buffer) => parts.push(part));
  await finished(response);
  const bytes = Buffer.concat(parts);
  const declared = response.headers['content-length'];
  if (declared !== undefined && Number(declared) !== bytes.length) {
    throw Object.assign(new Error('the response was cut'), { code: 'ECONNRESET' });
  }
  return bytes;
}
