import { createHash, createHmac } from 'node:crypto';

/** Whose requests are signed, and for which region. */
export interface S3Credentials {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
}

export interface UnsignedRequest {
  readonly method: string;
  /** As it is sent: escaped. */
  readonly path: string;
  /** Escaped, without the question mark. */
  readonly query: string;
  /** Names in lower case, `host` among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of the body, hexadecimal; `UNSIGNED-PAYLOAD` where TLS covers it. */
  readonly payload: string;
}

type Signer = (request: UnsignedRequest) => Record<string, string>;

const ALGORITHM = 'AWS4-HMAC-SHA256';
/** Proxies may add or change these on the way. */
const NOT_SIGNED: ReadonlySet<string> = new Set(['content-length', 'content-type', 'user-agent']);

/**
 * Signs requests after AWS Signature Version 4 (docs of Amazon S3, "Authenticating Requests:
 * Using the Authorization Header"). The key of a day is derived once.
 * @returns the headers to send
 */
export function createSigner(
  { accessKey, secretKey, region }: S3Credentials,
  now: () => Date = () => new Date(),
): Signer {
  let signing: { readonly scope: string; readonly key: Buffer } | undefined;
  const keyFor = (scope: string): Buffer => {
    if (signing?.scope === scope) return signing.key;
    const key = scope.split('/').reduce(hmac, Buffer.from(`AWS4${secretKey}`));
    signing = { scope, key };
    return key;
  };
  return ({ method, path, query, headers, payload }) => {
    const time = now()
      .toISOString()
      .replace(/[-:]|\.\d{3}/g, '');
    const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
    const all: Record<string, string> = {
      ...headers,
      'x-amz-content-sha256': payload,
      'x-amz-date': time,
    };
    const names = Object.keys(all)
      .filter((name) => !NOT_SIGNED.has(name))
      .sort();
    const lines = names.map((name) => `${name}:${(all[name] ?? '').trim().replace(/ +/g, ' ')}\n`);
    const signed = names.join(';');
    const canonical = [method, path, canonicalQuery(query), lines.join(''), signed, payload].join(
      '\n',
    );
    const digest = createHash('sha256').update(canonical).digest('hex');
    const signature = createHmac('sha256', keyFor(scope))
      .update([ALGORITHM, time, scope, digest].join('\n'))
      .digest('hex');
    all['authorization'] =
      `${ALGORITHM} Credential=${accessKey}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
    return all;
  };
}

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

function canonicalQuery(query: string): string {
  if (query === '') return '';
  const withValue = (part: string): string => (part.includes('=') ? part : `${part}=`);
  return query.split('&').map(withValue).sort().join('&');
}

/** A key in a URL: everything but letters, digits and `-._~` escaped, byte by byte; slashes stay. */
export const escapeKey = (key: string): string =>
  encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (unit) => `%${unit.charCodeAt(0).toString(16).toUpperCase()}`);
