import { describe, expect, it } from 'vitest';
import { createSigner, escapeKey } from './s3-signature.js';

// Amazon S3 API reference, "Signature Calculations for the Authorization Header", its examples.
const credentials = {
  accessKey: 'AKIAIOSFODNN7EXAMPLE',
  secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
};
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const host = 'examplebucket.s3.amazonaws.com';

const sign = createSigner(credentials, () => new Date('2013-05-24T00:00:00Z'));

describe('a signature', () => {
  it.each([
    [
      'GET of a range',
      { path: '/test.txt', query: '', headers: { host, range: 'bytes=0-9' } },
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'GET of a lifecycle',
      { path: '/', query: 'lifecycle', headers: { host } },
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    ],
    [
      'a listing',
      { path: '/', query: 'max-keys=2&prefix=J', headers: { host } },
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ])('of a %s is that of the published example', (_name, request, signature) => {
    const headers = sign({ method: 'GET', payload: EMPTY, ...request });
    expect(headers['authorization']).toContain(`Signature=${signature}`);
    expect(headers['x-amz-date']).toBe('20130524T000000Z');
  });

  it('of a put is that of the published example', () => {
    const payload = '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072';
    const headers = sign({
      method: 'PUT',
      path: escapeKey('/test$file.text'),
      query: '',
      headers: {
        host,
        date: 'Fri, 24 May 2013 00:00:00 GMT',
        'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      },
      payload,
    });
    expect(headers['authorization']).toContain(
      'Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    );
  });

  it('follows the day, and leaves out what proxies change', () => {
    let day = '2013-05-24';
    const signer = createSigner(credentials, () => new Date(`${day}T12:00:00Z`));
    const request = { method: 'GET', path: '/', query: '', headers: { host }, payload: EMPTY };
    const first = signer(request)['authorization'];
    expect(
      signer({ ...request, headers: { host, 'user-agent': 'x', 'content-length': '3' } }),
    ).toMatchObject({ authorization: first });
    day = '2013-05-25';
    expect(signer(request)['authorization']).toContain('/20130525/us-east-1/s3/aws4_request');
    expect(signer(request)['authorization']).not.toBe(first);
  });
});

describe('a key in a URL', () => {
  it('is escaped but for its slashes and plain characters', () => {
    expect(escapeKey("a/b-c._~d=e@f+g:h!'()*ü")).toBe(
      'a/b-c._~d%3De%40f%2Bg%3Ah%21%27%28%29%2A%C3%BC',
    );
  });
});
