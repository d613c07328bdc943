import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { connectS3 } from './s3-connection.js';
import { askObject, freshenObject, putObject } from './s3-objects.js';

type Connection = ReturnType<typeof connectS3>;

const place = { endpoint: 'test', bucket: 'bucket', key: 'k/1' };
const get = (connection: Connection) =>
  askObject(connection, place, { method: 'GET' }, () => Promise.resolve('read'));
const replace = (connection: Connection) =>
  putObject(connection, place, Buffer.from('x'), { 'if-match': '"1"' }, {});
const freshen = (connection: Connection) => freshenObject(connection, place);

const answer = (status: number, body: string, sizeBytes = body.length) =>
  `HTTP/1.1 ${String(status)} X\r\nContent-Length: ${String(sizeBytes)}\r\n\r\n${body}`;
const found = answer(200, '');
const xml = (code: string): string => `<Error><Code>${code}</Code></Error>`;
const page = '<html>no route</html>';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A connection to a server that gives these answers in turn, then the last one again. */
async function served(
  answers: readonly string[],
  options: { readonly attempts: number; readonly drips?: boolean },
): Promise<{ readonly connection: Connection; readonly requests: () => number }> {
  let requests = 0;
  const server = createServer((socket: Socket) => {
    let drip: NodeJS.Timeout | undefined;
    socket
      .on('error', () => undefined)
      .on('close', () => {
        clearInterval(drip);
      });
    socket.on('data', (bytes) => {
      if (!bytes.includes('\r\n\r\n')) return;
      socket.write(answers[Math.min(requests, answers.length - 1)] ?? '');
      requests += 1;
      if (options.drips === true) drip = setInterval(() => socket.write('x'), 100);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const connection = connectS3({
    endpoint: `http://127.0.0.1:${String(port)}`,
    accessKey: 'access',
    secretKey: 'secret',
    buckets: { evidence: 'evidence', data: 'data' },
    retentionDays: 1,
    retry: { attempts: options.attempts, firstDelayMs: 1 },
  });
  closing.push(() => {
    connection.close();
    server.close();
  });
  return { connection, requests: () => requests };
}

describe('a refusal', () => {
  it.each([
    ['hangs', false],
    ['drips', true],
  ])('of a busy store is not waited for when its body %s', async (_name, drips) => {
    for (const status of [429, 503]) {
      const { connection, requests } = await served([answer(status, 'abc', 1e5)], {
        attempts: 3,
        drips,
      });
      const startMs = performance.now();
      await expect(get(connection)).rejects.toThrow(`The store failed (${String(status)})`);
      expect(requests()).toBe(3);
      expect(performance.now() - startMs).toBeLessThan(4000);
    }
  });

  it('that drips is waited for some seconds', async () => {
    const ask = async (refusal: string) =>
      get((await served([refusal], { attempts: 1, drips: true })).connection);
    const startMs = performance.now();
    await Promise.all([
      expect(ask(answer(403, 'abc', 1e5))).rejects.toThrow('ETIMEDOUT'),
      expect(ask(answer(404, 'abc', 1e5))).rejects.toThrow('ETIMEDOUT'),
      expect(ask(answer(403, xml('AccessDenied'), 1e5))).rejects.toMatchObject({
        code: 'STORE_DENIED',
      }),
      expect(ask(answer(404, xml('NoSuchKey'), 1e5))).resolves.toBeUndefined(),
    ]);
    expect(performance.now() - startMs).toBeLessThan(9000);
  });

  it('that is long is read only in part', async () => {
    const long = `${xml('AccessDenied')}${'x'.repeat(2 ** 20)}`;
    const { connection } = await served([answer(403, long, 2 ** 30)], { attempts: 1 });
    const startMs = performance.now();
    await expect(get(connection)).rejects.toMatchObject({ code: 'STORE_DENIED' });
    expect(performance.now() - startMs).toBeLessThan(4000);
  });
});

describe('a 404', () => {
  const cases = [
    ['a read', get, [], undefined],
    ['a conditional write', replace, [], undefined],
    ['a renewal', freshen, [found], false],
  ] as const;
  it.each(cases)('to %s is an error when it is not of a store', async (_name, ask, before) => {
    const { connection } = await served([...before, answer(404, page)], { attempts: 1 });
    await expect(ask(connection)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it.each(cases)('to %s means that nothing is there', async (_name, ask, before, expected) => {
    for (const body of ['', xml('NoSuchKey')]) {
      const { connection } = await served([...before, answer(404, body)], { attempts: 1 });
      expect(await ask(connection)).toBe(expected);
    }
  });

  it.each(cases)('to %s can mean that the bucket is gone', async (_name, ask, before) => {
    const { connection } = await served([...before, answer(404, xml('NoSuchBucket'))], {
      attempts: 1,
    });
    await expect(ask(connection)).rejects.toMatchObject({ code: 'STORE_INVALID' });
  });
});
