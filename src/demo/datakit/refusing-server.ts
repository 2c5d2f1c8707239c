import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server that can stop listening and listen again on the port it had. */
export class RefusingServer {
  readonly #host: string;
  readonly #listener: RequestListener;
  #port: number;
  #server: Server | undefined;

  constructor(host: string, port: number, listener: RequestListener) {
    this.#host = host;
    this.#port = port;
    this.#listener = listener;
  }

  /** The one asked for, or the one given by the system at the first `accept`. */
  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://${this.#host.includes(':') ? `[${this.#host}]` : this.#host}:${this.#port}`;
  }

  /** Rejects when the port is taken. */
  async accept(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer({ keepAliveTimeout: 60_000 }, this.#listener);
    this.#server = server;
    server.listen(this.#port, this.#host);
    try {
      await once(server, 'listening');
    } catch (thrown) {
      this.#server = undefined;
      throw thrown;
    }
    this.#port = (server.address() as AddressInfo).port;
  }

  async refuse(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
}
