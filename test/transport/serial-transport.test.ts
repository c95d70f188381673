import { mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { SerialPort } from 'serialport';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pendingLimit } from '../../src/transport/link.js';
import { watchForHangUp } from '../../src/transport/links/hang-up-watch.js';
import type { PortBinding } from '../../src/transport/serial-port.js';
import { serialTransport, serialTransportWith } from '../../src/transport/serial-transport.js';
import { portTransport, transportFor } from '../../src/transport/transport-for.js';
import { tcpTransport } from '../../src/transport/tcp-transport.js';
import { Recorder } from '../contracts/transport-contract.js';
import { PeerText } from './peer-text.js';
import { Pty } from './pty.js';

/** Descriptors of this process that lie on the device. */
const descriptorsOn = (path: string): number =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(path);
    } catch {
      return false;
    }
  }).length;

describe('serialTransport', () => {
  let peer: PeerText;
  let pty: Pty;
  let recorder: Recorder;

  beforeEach(() => {
    peer = new PeerText();
    pty = new Pty(peer.add);
    recorder = new Recorder();
  });
  afterEach(() => pty.hangUp());

  const open = async (factory = serialTransport): Promise<ReturnType<typeof serialTransport>> => {
    const transport = factory({ path: pty.path, baudRate: 250_000 });
    await transport.open(recorder);
    return transport;
  };

  it('names port and rate', () => {
    expect(serialTransport({ path: '/dev/ttyUSB0', baudRate: 250_000 }).description).toBe(
      '/dev/ttyUSB0 at 250000 baud',
    );
  });

  it.each(['tty', 'stream'] as const)('leaves no descriptor and no lock behind: %s', async (dataPath) => {
    const before = descriptorsOn(pty.path);
    const factory = serialTransportWith({ dataPath, watchMs: 20 });
    for (let n = 0; n < 3; n += 1) {
      const transport = await open(factory);
      await expect(factory({ path: pty.path, baudRate: 9600 }).open(recorder)).rejects.toMatchObject({
        code: 'PORT_BUSY',
      });
      await transport.close();
      expect(descriptorsOn(pty.path)).toBe(before);
    }
    await open(factory);
    await pty.hangUp();
    await recorder.until(() => recorder.losses.length === 1);
    // The test's own one went with the hang-up.
    expect(descriptorsOn(pty.path)).toBe(before - 1);
  });

  it('keeps the lock while its own reader has the port', async () => {
    const transport = await open();
    const other = new SerialPort({ path: pty.path, baudRate: 115_200, autoOpen: false });
    const error = await new Promise<Error | null>((resolve) => {
      other.open(resolve);
    });
    expect(error?.message).toContain('Cannot lock port');
    await transport.close();
  });

  it('throws away what an earlier session left in the port', async () => {
    pty.write(Buffer.from('ok T:200 of the last session\n'));
    await wait(5);
    const transport = await open();
    pty.write(Buffer.from('start\n'));
    await recorder.until(() => recorder.got.length > 0);
    expect(recorder.got).toEqual(['start']);
    await transport.close();
  });

  it('burns no processor time after a hang-up that serialport misses', async () => {
    const factory = serialTransportWith({ dataPath: 'stream', watchMs: 20 });
    await open(factory);
    await pty.hangUp();
    await recorder.until(() => recorder.losses.length === 1);
    const before = process.cpuUsage();
    await wait(100);
    const { user, system } = process.cpuUsage(before);
    expect(user + system).toBeLessThan(60_000);
  });

  it.each(['tty', 'stream'] as const)('is lost when the printer takes nothing for ever: %s', async (dataPath) => {
    const transport = await open(serialTransportWith({ dataPath }));
    pty.stall();
    const text = 'x'.repeat(64 * 1024);
    for (let n = 0; n * text.length <= pendingLimit + 4 * text.length; n += 1) transport.write(text);
    await recorder.until(() => recorder.losses.length > 0);
    expect(recorder.losses[0]?.message).toContain('took no byte');
    pty.resume();
    await transport.close();
  });

  it.each(['tty', 'stream'] as const)('sends more than the port holds at once, in order: %s', async (dataPath) => {
    const transport = await open(serialTransportWith({ dataPath }));
    pty.stall();
    let text = '';
    for (let n = 0; n < 10_000; n += 1) text += `G1 X${n}\n`;
    transport.write(text);
    transport.write('M400\n');
    pty.resume();
    expect(await peer.endsWith('M400\n')).toBe(`${text}M400\n`);
    await transport.close();
  });

  describe('when the device cannot be opened a second time', () => {
    let folder: string;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'link-'));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    /** The real binding through a link that is gone once the port is open. */
    const once = (dataPath?: 'tty'): ReturnType<typeof serialTransport> => {
      const path = join(folder, 'printer');
      symlinkSync(pty.path, path);
      const binding: PortBinding = {
        list: () => SerialPort.list(),
        open: async (options) => {
          const port = await SerialPort.binding.open(options);
          rmSync(path);
          return port;
        },
      };
      return serialTransportWith({ binding, watchMs: 20, ...(dataPath && { dataPath }) })({ path, baudRate: 115_200 });
    };

    it("falls back to serialport's stream", async () => {
      const transport = once();
      await transport.open(recorder);
      pty.write(Buffer.from('start\n'));
      await recorder.until(() => recorder.got.length > 0);
      transport.write('M105\n');
      expect(await peer.endsWith('M105\n')).toBe('M105\n');
      await transport.close();
    });

    it('refuses where the tty data path is asked for, and leaves nothing open', async () => {
      const before = descriptorsOn(pty.path);
      await expect(once('tty').open(recorder)).rejects.toMatchObject({ code: 'PORT_NOT_FOUND' });
      expect(descriptorsOn(pty.path)).toBe(before);
    });
  });

  it('has no tty data path where the device is none', async () => {
    const transport = serialTransport({ path: '/dev/null', baudRate: 115_200 });
    await expect(transport.open(recorder)).rejects.toMatchObject({ code: 'PORT_FAILED' });
  });
});

describe('watchForHangUp', () => {
  it('tells once that the descriptor is no terminal any more', async () => {
    let gone = 0;
    await new Promise<void>((resolve) => {
      watchForHangUp(
        9999,
        () => {
          gone += 1;
          resolve();
        },
        1,
      );
    });
    await wait(5);
    expect(gone).toBe(1);
  });

  it('stops', async () => {
    let gone = 0;
    watchForHangUp(9999, () => (gone += 1), 1)();
    await wait(5);
    expect(gone).toBe(0);
  });
});

describe('transportFor', () => {
  it('chooses by the path', () => {
    expect(transportFor('tcp://10.0.0.7:8080')).toBe(tcpTransport);
    expect(transportFor('/dev/ttyUSB0')).toBe(serialTransport);
    expect(portTransport({ path: 'TCP://printer:23', baudRate: 115_200 }).description).toBe('TCP://printer:23');
  });
});
