import * as http from 'node:http';
import * as https from 'node:https';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { Client } from 'minio';
import { StoreError, type StorePlace } from './errors.js';
import { withRetries, type RetryPolicy } from './s3-faults.js';

export interface S3Options {
  /** `http://127.0.0.1:9000`; https outside of a private network. */
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Default `us-east-1`. */
  readonly region?: string;
  /** PEM of the authority that signed the server's certificate; the system's own when absent. */
  readonly ca?: Buffer;
  /** Two names of their own, with a prefix: `custos-evidence`, `custos-data`. */
  readonly buckets: { readonly evidence: string; readonly data: string };
  /** For how long a new object of `evidence` cannot be deleted. */
  readonly retentionDays: number;
  /** COMPLIANCE (default) binds everybody; GOVERNANCE lets a privileged key bypass it. */
  readonly lockMode?: 'COMPLIANCE' | 'GOVERNANCE';
  /** Attempts per request, default 6 (about 4 s in all); first delay in ms, default 100. */
  readonly retry?: RetryPolicy;
  /** A request without any traffic for so long is given up; default 60,000. */
  readonly idleTimeoutMs?: number;
}

interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT';
  readonly bucketName: string;
  readonly objectName: string;
  readonly headers?: Record<string, string>;
  readonly query?: string;
}

export interface S3Connection {
  readonly client: Client;
  readonly origin: string;
  readonly region: string;
  /** Sends one request; a status not in `statuses` is an error of the client. */
  send(
    request: S3Request,
    statuses: readonly number[],
    body?: { readonly content: Buffer | Readable; readonly sha256Hex: string },
  ): Promise<http.IncomingMessage>;
  retrying<T>(place: StorePlace, body: (attempt: number) => Promise<T>): Promise<T>;
  close(): void;
}

const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** @throws StoreError STORE_INVALID when the endpoint is not an http or https URL */
export function connectS3(options: S3Options): S3Connection {
  const url = parseEndpoint(options.endpoint);
  const secure = url.protocol === 'https:';
  const region = options.region ?? 'us-east-1';
  const policy = options.retry ?? { attempts: 6, firstDelayMs: 100 };
  const agent = new (secure ? https : http).Agent({
    keepAlive: true,
    maxSockets: 32,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
  const client = new Client({
    endPoint: url.hostname,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    useSSL: secure,
    accessKey: options.accessKey,
    secretKey: options.secretKey,
    region,
    transport: transportOf(secure, options.idleTimeoutMs ?? 60_000),
    transportAgent: agent,
    // The client's own retries print to the console and ask again without asking why.
    retryOptions: { disableRetry: true },
  });
  return {
    client,
    origin: url.origin,
    region,
    send(request, statuses, body) {
      // Over https the body is covered by TLS and by its checksum header, and the client insists.
      const sha256Hex = secure ? '' : (body?.sha256Hex ?? EMPTY_SHA256);
      return client.makeRequestStreamAsync(
        { ...request, headers: { ...request.headers } },
        body?.content ?? '',
        sha256Hex,
        [...statuses],
        region,
      );
    },
    retrying: (place, body) => withRetries(policy, place, body),
    close() {
      agent.destroy();
    },
  };
}

/** All bytes of a response. */
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

function parseEndpoint(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new StoreError(
    'STORE_INVALID',
    'The endpoint of the object store is a URL such as http://127.0.0.1:9000',
  );
}

/** Statuses that the client answers with an error of its own, by their number alone (minio 8.0.7). */
const DROPPED: ReadonlySet<number> = new Set([408, 429, 499, 500, 502, 503, 504, 520]);

type Transport = Pick<typeof http, 'request'>;
type OnResponse = (response: http.IncomingMessage) => void;

/** Gives up on a silent connection, which the client would wait for without end. */
function transportOf(secure: boolean, idleTimeoutMs: number): Transport {
  const send = secure ? https.request : http.request;
  const request = (options: http.RequestOptions, onResponse: OnResponse): http.ClientRequest => {
    const sent = send({ ...options, timeout: idleTimeoutMs }, (response) => {
      onResponse(response);
      // The client drops such a response unread, and its connection would stay taken. Any other it
      // reads, and would wait without end for a body that was let go: 507 says that the store is full.
      if (DROPPED.has(response.statusCode ?? 0)) response.resume();
    });
    sent.on('timeout', () => {
      sent.destroy(Object.assign(new Error('no traffic'), { code: 'ETIMEDOUT' }));
    });
    return sent;
  };
  return { request } as Transport;
}
