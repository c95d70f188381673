import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A wire between clients and the server of a URL that can be cut, and that can lose what the server answers. */
export class Link {
  /** Of the same database, through this wire. */
  readonly url: string;
  /** While it returns false, what the server sends is dropped and the client waits: a half-open connection. */
  passesAnswers: (bytes: Buffer) => boolean = () => true;
  /** Sees what clients send. */
  onSent: (bytes: Buffer) => void = () => undefined;
  isRefusing = false;
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();

  private constructor(url: string, folder: string, target: string) {
    this.url = url;
    this.#server = net.createServer((client) => {
      if (this.isRefusing) {
        client.destroy();
        return;
      }
      const server = net.connect(target);
      for (const [one, other] of [
        [client, server],
        [server, client],
      ] as const) {
        this.#sockets.add(one);
        one.on('error', () => undefined);
        one.on('close', () => {
          this.#sockets.delete(one);
          other.destroy();
        });
      }
      client.on('data', (bytes) => {
        this.onSent(bytes);
        server.write(bytes);
      });
      server.on('data', (bytes) => {
        if (this.passesAnswers(bytes)) client.write(bytes);
      });
    });
    this.#server.listen(join(folder, '.s.PGSQL.5432'));
    onTestFinished(async () => {
      this.cut();
      await new Promise((resolve) => this.#server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    });
  }

  /** For a URL that names a Unix socket's folder as `host`. */
  static to(url: string): Link {
    const { searchParams } = new URL(url.replace('@/', '@local/'));
    const folder = mkdtempSync(join(tmpdir(), 'spoolgate-link-'));
    const target = join(searchParams.get('host') ?? '', `.s.PGSQL.${searchParams.get('port') ?? '5432'}`);
    const through = url.replace(/host=[^&]*/, `host=${encodeURIComponent(folder)}`).replace(/port=\d+/, 'port=5432');
    return new Link(through, folder, target);
  }

  /** Ends all connections. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
