import { createServer } from 'node:http';
import { once } from 'node:events';
import type { Registry } from 'prom-client';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Serves GET /metrics in Prometheus' text form. @returns a function that ends it */
export async function serveMetrics(
  registry: Registry,
  { host, port }: Endpoint,
): Promise<() => void> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    void registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.listen(port, host);
  await once(server, 'listening');
  server.unref();
  return () => {
    server.close();
    server.closeAllConnections();
  };
}
