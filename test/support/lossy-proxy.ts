import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy on loopback that lets requests through and can lose their answers. */
export interface LossyProxy {
  readonly endpoint: string;
  /** The next `count` connections are cut when the server begins to answer. */
  loseAnswers(count: number): void;
  close(): Promise<void>;
}

export async function startLossyProxy(targetPort: number): Promise<LossyProxy> {
  let toLose = 0;
  const open = new Set<Socket>();
  const server: Server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    for (const socket of [client, target]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy());
    }
    client.pipe(target);
    target.on('data', (bytes) => {
      if (toLose > 0) {
        toLose -= 1;
        client.destroy();
        target.destroy();
      } else client.write(bytes);
    });
    target.on('end', () => client.end());
    client.on('close', () => target.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${String(port)}`,
    loseAnswers(count) {
      toLose = count;
    },
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
