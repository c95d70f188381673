import net from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Database } from '../../../src/queue/database/database.js';

/** A server's message: type, length, content. */
const message = (type: string, content: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
};
const authenticated = message('R', Buffer.alloc(4));
const ready = message('Z', Buffer.from('I'));
const ended = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'));

it('a server that greets and says goodbye in one breath is an error of the caller, not of the process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spoolgate-goodbye-'));
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.concat([authenticated, ready, ended])));
  });
  await new Promise<void>((resolve) => server.listen(join(folder, '.s.PGSQL.5432'), resolve));
  onTestFinished(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });
  const database = new Database({
    dsn: `postgresql://u@/d?host=${encodeURIComponent(folder)}&port=5432&sslmode=disable`,
  });
  onTestFinished(() => database.close());
  await expect(database.transaction(async (client) => client.query('SELECT 1'))).rejects.toMatchObject({
    code: 'DATABASE_UNREACHABLE',
  });
  await expect(database.query({ text: 'SELECT 1' }, [])).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
});
