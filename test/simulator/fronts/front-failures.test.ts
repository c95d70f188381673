import { existsSync } from 'node:fs';
import { mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { MockBinding } from '@serialport/binding-mock';
import { MockFront } from '../../../src/simulator/fronts/mock-front.js';
import { loadNativePty } from '../../../src/simulator/fronts/native-pty.js';
import { PtyFront } from '../../../src/simulator/fronts/pty-front.js';
import { makeRaw } from '../../../src/simulator/fronts/raw-terminal.js';
import { TcpFront } from '../../../src/simulator/fronts/tcp-front.js';
import { FrontLog } from './front-rig.js';

describe('a pseudo-terminal', () => {
  it('cannot be had without the optional package', () => {
    expect(() => loadNativePty('@spoolgate/no-such-package')).toThrow(
      expect.objectContaining({ code: 'PTY_UNAVAILABLE' }),
    );
  });

  it('cannot be had without stty', async () => {
    await expect(makeRaw('/dev/null', 'no-such-stty')).rejects.toMatchObject({ code: 'PTY_UNAVAILABLE' });
  });

  it('appears under the link that is asked for, in place of an old one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'front-'));
    const link = join(folder, 'ttySIM0');
    await writeFile(link, 'left by a crash');
    const front = new PtyFront({ link });
    await front.start(new FrontLog());
    expect(await readlink(link)).toMatch(/^\/dev\/(pts\/\d+|tty)/);
    await front.stop();
    expect(existsSync(link)).toBe(false);
    await front.plugIn();
    expect(existsSync(link)).toBe(false);
    await rm(folder, { recursive: true });
  });

  it('fails to start where its link cannot be made, and leaves no terminal open', async () => {
    const front = new PtyFront({ link: '/proc/no-such-folder/tty' });
    await expect(front.start(new FrontLog())).rejects.toThrow();
    await front.stop();
  });
});

describe('a TCP socket', () => {
  it('refuses a second client while it has one', async () => {
    const front = new TcpFront();
    const log = new FrontLog();
    await front.start(log);
    const { hostname, port } = new URL(front.path);
    const first = connect(Number(port), hostname);
    await log.until(() => log.opened === 1);
    const second = connect(Number(port), hostname);
    second.on('error', () => undefined);
    await new Promise<void>((resolve) => void second.on('close', () => resolve()));
    expect(log.opened).toBe(1);
    first.destroy();
    await log.until(() => log.closed === 1);
    await front.stop();
  });

  it('says which address is taken', async () => {
    const front = new TcpFront();
    await front.start(new FrontLog());
    const { port } = new URL(front.path);
    const other = new TcpFront({ port: Number(port) });
    await expect(other.start(new FrontLog())).rejects.toMatchObject({ code: 'SIMULATOR_LISTEN', detail: front.path });
    await other.stop();
    await front.stop();
    expect(new TcpFront({ host: '::1', port: 7 }).path).toBe('tcp://[::1]:7');
  });
});

describe('the mock binding', () => {
  it('leaves other ports of the same binding alone', async () => {
    const front = new MockFront(MockBinding, '/dev/simulated-one');
    const log = new FrontLog();
    await front.start(log);
    MockBinding.createPort('/dev/another');
    const options = { path: '/dev/another', baudRate: 9_600 };
    const port = await front.binding.open(options);
    await port.write(Buffer.from('x'));
    await port.close();
    expect(log).toMatchObject({ opened: 0, data: '', closed: 0 });
    front.write(Buffer.from('nobody'));
    await front.stop();
  });
});
