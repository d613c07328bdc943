import type { Readable } from 'node:stream';
import { Client } from 'minio';
import { SourceError } from './errors.js';
import { inCodePointOrder, isHidden, type SourcePlace } from './place.js';

const IDLE_TIMEOUT_MS = 60_000;

/** How to reach the user's own object store; it is never written to. */
export interface SourceS3Options {
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the access to sources from the environment: CUSTOS_SOURCE_S3_*, else AWS_*. */
export function sourceS3Options(env: Environment): SourceS3Options | undefined {
  const endpoint = env['CUSTOS_SOURCE_S3_ENDPOINT'] ?? env['AWS_ENDPOINT_URL_S3'];
  const accessKey = env['CUSTOS_SOURCE_S3_ACCESS_KEY'] ?? env['AWS_ACCESS_KEY_ID'];
  const secretKey = env['CUSTOS_SOURCE_S3_SECRET_KEY'] ?? env['AWS_SECRET_ACCESS_KEY'];
  if (accessKey === undefined || secretKey === undefined) return undefined;
  return {
    endpoint: endpoint ?? 'https://s3.amazonaws.com',
    accessKey,
    secretKey,
    region: env['CUSTOS_SOURCE_S3_REGION'] ?? env['AWS_REGION'] ?? 'us-east-1',
  };
}

const LOCATION = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/;

export const isS3 = (path: string): boolean => path.startsWith('s3://');

const MISSING = ['NoSuchBucket', 'NoSuchKey', 'NotFound'];
const DENIED = ['AccessDenied', 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'InvalidRegion'];

function explain(what: string, error: unknown): SourceError {
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (MISSING.includes(code)) {
    return new SourceError('SOURCE_MISSING', `there is no ${what}; check the path in the run file`);
  }
  if (DENIED.includes(code)) {
    return new SourceError(
      'SOURCE_DENIED',
      `${what} was refused (${code}); check the worker's CUSTOS_SOURCE_S3_ACCESS_KEY, _SECRET_KEY and _REGION`,
    );
  }
  return new SourceError(
    'SOURCE_UNAVAILABLE',
    `${what} did not answer${code === '' ? '' : ` (${code})`}; check CUSTOS_SOURCE_S3_ENDPOINT and the network`,
    { cause: error },
  );
}

function connect({ endpoint, ...keys }: SourceS3Options): Client {
  if (!URL.canParse(endpoint)) {
    throw new SourceError('SOURCE_DENIED', 'CUSTOS_SOURCE_S3_ENDPOINT is no URL; give http(s)://…');
  }
  const { protocol, hostname, port } = new URL(endpoint);
  return new Client({
    endPoint: hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    useSSL: protocol === 'https:',
    ...keys,
    retryOptions: { disableRetry: true },
  });
}

/** Gives up on a silent connection, which the client would wait for without end. */
async function* untilIdle(body: Readable): AsyncGenerator<Uint8Array> {
  const timer = setTimeout(() => {
    body.destroy(Object.assign(new Error('no traffic'), { code: 'ETIMEDOUT' }));
  }, IDLE_TIMEOUT_MS);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      timer.refresh();
      yield chunk;
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Objects under `s3://bucket/prefix`. @throws SourceError SOURCE_DENIED without credentials */
export function openS3Place(path: string, options: SourceS3Options | undefined): SourcePlace {
  const [, bucket, prefix = ''] = LOCATION.exec(path) ?? [];
  if (bucket === undefined) {
    throw new SourceError('SOURCE_MISSING', `${path} is no s3://bucket/prefix; mend the run file`);
  }
  if (options === undefined) {
    throw new SourceError(
      'SOURCE_DENIED',
      `${path} needs credentials; set CUSTOS_SOURCE_S3_ENDPOINT, _ACCESS_KEY and _SECRET_KEY for the worker`,
    );
  }
  const client = connect(options);
  const base = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  return {
    async list() {
      const names: string[] = [];
      try {
        for await (const item of client.listObjectsV2(bucket, prefix, true)) {
          const { name } = item as { readonly name?: string };
          if (name === undefined || name.endsWith('/')) continue;
          const relative = name.slice(base.length);
          if (!isHidden(relative)) names.push(relative);
        }
      } catch (error) {
        throw explain(path, error);
      }
      return inCodePointOrder(names);
    },
    async *read(name, what, range) {
      const key = `${base}${name}`;
      try {
        const body =
          range === undefined
            ? await client.getObject(bucket, key)
            : await client.getPartialObject(bucket, key, range.start, range.end - range.start);
        yield* untilIdle(body);
      } catch (error) {
        throw explain(what, error);
      }
    },
  };
}
