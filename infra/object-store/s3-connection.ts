import * as http from 'node:http';
import * as https from 'node:https';
import { Client } from 'minio';
import { StoreError, type StorePlace } from './errors.js';
import { withRetries, type RetryPolicy } from './s3-faults.js';
import { BUSY, createSender, type BucketPlace, type S3Send } from './s3-request.js';

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

export interface S3Connection {
  /** For everything but requests about single objects. */
  readonly client: Client;
  readonly origin: string;
  readonly region: string;
  readonly send: S3Send;
  retrying<T>(place: StorePlace, body: (attempt: number) => Promise<T>): Promise<T>;
  close(): void;
}

/** @throws StoreError STORE_INVALID when the endpoint is not an http or https URL */
export function connectS3(options: S3Options): S3Connection {
  const url = parseEndpoint(options.endpoint);
  const secure = url.protocol === 'https:';
  const region = options.region ?? 'us-east-1';
  const policy = options.retry ?? { attempts: 6, firstDelayMs: 100 };
  const idleTimeoutMs = options.idleTimeoutMs ?? 60_000;
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
    transport: transportOf(secure, idleTimeoutMs),
    transportAgent: agent,
    // The client's own retries print to the console and ask again without asking why.
    retryOptions: { disableRetry: true },
  });
  return {
    client,
    origin: url.origin,
    region,
    send: createSender({
      ...options,
      region,
      secure,
      agent,
      idleTimeoutMs,
      placeOf: placesOf(client, region),
    }),
    retrying: (place, body) => withRetries(policy, place, body),
    close() {
      agent.destroy();
    },
  };
}

interface RequestOptions {
  readonly host: string;
  readonly port?: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Where the client asks for a bucket: hosts of their own for Amazon's, paths elsewhere. Its type does not say so. */
function placesOf(client: Client, region: string): (bucketName: string) => BucketPlace {
  const addressing = client as unknown as {
    getRequestOptions(of: Readonly<Record<string, unknown>>): RequestOptions;
  };
  const places = new Map<string, BucketPlace>();
  return (bucketName) => {
    const known = places.get(bucketName);
    if (known !== undefined) return known;
    const { host, port, path, headers } = addressing.getRequestOptions({
      method: 'GET',
      bucketName,
      objectName: 'x',
      region,
    });
    const place = { host, port, hostHeader: headers['host'] ?? host, prefix: path.slice(0, -1) };
    places.set(bucketName, place);
    return place;
  };
}

function parseEndpoint(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new StoreError(
    'STORE_INVALID',
    'The endpoint of the object store is a URL such as http://127.0.0.1:9000',
  );
}

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
      if (BUSY.has(response.statusCode ?? 0)) response.resume();
    });
    sent.on('timeout', () => {
      sent.destroy(Object.assign(new Error('no traffic'), { code: 'ETIMEDOUT' }));
    });
    return sent;
  };
  return { request } as Transport;
}
