import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Link, LinkEvents } from '../../src/transport/link.js';
import { LinkTransport } from '../../src/transport/link-transport.js';
import { Recorder } from '../contracts/transport-contract.js';

class FakeLink implements Link {
  written = '';
  closes = 0;
  closing: Promise<void> = Promise.resolve();

  write(text: string): void {
    this.written += text;
  }

  close(): Promise<void> {
    this.closes += 1;
    return this.closing;
  }
}

const opened = async (
  link: FakeLink,
  recorder: Recorder,
): Promise<{ transport: LinkTransport; events: LinkEvents }> => {
  let events: LinkEvents | undefined;
  const transport = new LinkTransport('fake', (given) => {
    events = given;
    return Promise.resolve(link);
  });
  await transport.open(recorder);
  return { transport, events: events! };
};

describe('LinkTransport', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('closes the link before it tells that it is lost, and tells it once', async () => {
    const link = new FakeLink();
    let release = (): void => undefined;
    link.closing = new Promise((resolve) => {
      release = resolve;
    });
    const recorder = new Recorder();
    const { transport, events } = await opened(link, recorder);
    events.lines([]);
    events.lines(['ok']);
    events.ended(new Error('EIO'));
    events.ended(new Error('again'));
    events.lines(['too late']);
    transport.write('too late');
    await nextTurn();
    expect(recorder.losses).toEqual([]);
    release();
    await recorder.until(() => recorder.losses.length > 0);
    await nextTurn();
    expect(recorder.losses.map((error) => error.detail)).toEqual(['fake: EIO']);
    expect(recorder.got).toEqual(['ok']);
    expect(link).toMatchObject({ written: '', closes: 1 });
  });

  it('does not wait for ever for a driver that hangs in close', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const link = new FakeLink();
    link.closing = new Promise(() => undefined);
    const recorder = new Recorder();
    const { events } = await opened(link, recorder);
    events.ended(new Error('EIO'));
    await vi.advanceTimersByTimeAsync(1000);
    await recorder.until(() => recorder.losses.length === 1);
  });

  it('does not tell a loss after it was closed', async () => {
    const recorder = new Recorder();
    const { transport, events } = await opened(new FakeLink(), recorder);
    events.ended(new Error('EIO'));
    await transport.close();
    await nextTurn();
    await nextTurn();
    expect(recorder.losses).toEqual([]);
  });

  it('fails to open when the link ends meanwhile, and closes it', async () => {
    const link = new FakeLink();
    const recorder = new Recorder();
    const transport = new LinkTransport('fake', (events) => {
      events.ended(new Error('No such device'));
      return Promise.resolve(link);
    });
    await expect(transport.open(recorder)).rejects.toMatchObject({ code: 'PORT_NOT_FOUND' });
    expect(link.closes).toBe(1);
    expect(recorder.losses).toEqual([]);
  });
});
