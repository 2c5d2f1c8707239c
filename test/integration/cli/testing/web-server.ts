import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A web server that answers everything with the same page. */
export async function startWebServer(status: number) {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end('<html><body>Welcome</body></html>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** An address of this machine where nobody listens. */
export async function closedUrl(): Promise<string> {
  const server = await startWebServer(200);
  await server.close();
  return server.url;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  return Number(new URL(await closedUrl()).port);
}
