import { once } from 'node:events';
import {
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** How an object store fails: not there, late, without space, with status 500, with another body. */
export const STORE_FAULTS = ['down', 'slow', 'full', 'error', 'wrong-body'] as const;
export type StoreFault = (typeof STORE_FAULTS)[number];

/** Waits before a request goes on to the store. */
type Gate = () => Promise<void>;

/** A proxy on loopback before an S3 server, on the socket that the worker really uses. */
export interface StoreProxy {
  readonly endpoint: string;
  /** Requests that came so far. */
  readonly requests: number;
  /** Requests that a fault has met so far. */
  readonly faulted: number;
  /** From now on the store fails so; undefined ends it. A wrong body ends by itself after `times`. */
  fail(fault: StoreFault | undefined, times?: number): Promise<void>;
  /** Every request from now on waits for the gate; undefined opens it for good. */
  guard(gate: Gate | undefined): void;
  close(): Promise<void>;
}

const SLOW_MS = 400;

const errorXml = (code: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>planted</Message></Error>`;

function answer(response: ServerResponse, status: number, code: string): void {
  const body = errorXml(code);
  response.req.resume();
  response.writeHead(status, {
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** Changes one byte in the middle of what passes. */
function spoil(): Transform {
  let spoiled = false;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const copy = Buffer.from(chunk);
      if (!spoiled && copy.length > 0) {
        const at = copy.length >> 1;
        copy[at] = (copy[at] ?? 0) ^ 0x20;
        spoiled = true;
      }
      done(null, copy);
    },
  });
}

/** An object's own bytes, and not a listing of a bucket. */
const isObjectRead = ({ method, url = '' }: IncomingMessage): boolean =>
  method === 'GET' && /^\/[^/?]+\/[^?]/.test(url);

function forward(
  targetPort: number,
  incoming: IncomingMessage,
  response: ServerResponse,
  isWrong: boolean,
): void {
  const { method, url, headers } = incoming;
  const target = request(
    // The host is part of what the client signed.
    { host: '127.0.0.1', port: targetPort, method, path: url, headers },
    (answered) => {
      response.writeHead(answered.statusCode ?? 502, answered.rawHeaders);
      answered.on('error', () => response.destroy());
      if (isWrong) answered.pipe(spoil()).pipe(response);
      else answered.pipe(response);
    },
  );
  // The store is gone or cut the connection: so does the proxy.
  target.on('error', () => response.destroy());
  response.on('close', () => target.destroy());
  incoming.pipe(target);
}

async function listenOn(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

export async function startStoreProxy(targetPort: number): Promise<StoreProxy> {
  const open = new Set<Socket>();
  const state: { fault?: StoreFault | undefined; left: number; gate?: Gate | undefined } = {
    left: 0,
  };
  const counts = { requests: 0, faulted: 0 };
  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    counts.requests += 1;
    incoming.on('error', () => response.destroy());
    await state.gate?.();
    // Whoever asked is dead by now; its words die with it.
    if (response.destroyed) return;
    const { fault } = state;
    const isWrong = fault === 'wrong-body' && state.left > 0 && isObjectRead(incoming);
    if (isWrong) state.left -= 1;
    if (fault !== undefined && (fault !== 'wrong-body' || isWrong)) counts.faulted += 1;
    if (fault === 'slow') await sleep(SLOW_MS);
    if (fault === 'error') answer(response, 500, 'InternalError');
    else if (fault === 'full' && incoming.method === 'PUT')
      answer(response, 507, 'XMinioStorageFull');
    else if (fault === 'down') response.destroy();
    else forward(targetPort, incoming, response, isWrong);
  };
  const server = createServer((incoming, response) => void handle(incoming, response));
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy());
  });
  const stop = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of open) socket.destroy();
    await closed;
  };
  const port = await listenOn(server, 0);
  return {
    endpoint: `http://127.0.0.1:${String(port)}`,
    get requests() {
      return counts.requests;
    },
    get faulted() {
      return counts.faulted;
    },
    async fail(fault, times = 1) {
      const was = state.fault;
      state.fault = fault;
      state.left = times;
      // Down is down: nobody listens.
      if (fault === 'down' && server.listening) await stop();
      if (was === 'down' && fault !== 'down') await listenOn(server, port);
    },
    guard(gate) {
      state.gate = gate;
    },
    async close() {
      if (server.listening) await stop();
    },
  };
}
