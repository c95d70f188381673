import { describe, expect, it } from 'vitest';
import { Hub, type HubBody } from '../../src/queue/hub.js';

describe('Hub', () => {
  it('tells the listeners of a name, and those of any', () => {
    const hub = new Hub();
    const heard: unknown[] = [];
    hub.on('a', (body, event) => heard.push(['on', event, body]));
    hub.onAny((body, event) => heard.push(['any', event, body]));
    hub.emit('a', { x: 1 });
    hub.emit('b');
    expect(heard).toEqual([
      ['on', 'a', { x: 1 }],
      ['any', 'a', { x: 1 }],
      ['any', 'b', {}],
    ]);
  });

  it('lets go of one registration at a time', () => {
    const hub = new Hub();
    let heard = 0;
    const listener = (): void => {
      heard += 1;
    };
    const offs = [hub.on('a', listener), hub.on('a', listener), hub.onAny(listener)];
    for (const expected of [3, 5, 6]) {
      hub.emit('a');
      expect(heard).toBe(expected);
      offs.shift()?.();
    }
    hub.emit('a');
    expect(heard).toBe(6);
  });

  it('hears again under a name after its last listener went', () => {
    const hub = new Hub();
    const off = hub.on('a', () => undefined);
    off();
    off();
    let heard = 0;
    hub.on('a', () => (heard += 1));
    off();
    hub.emit('a');
    expect(heard).toBe(1);
  });

  it('is not disturbed by a listener that throws, rejects or leaves meanwhile', async () => {
    const hub = new Hub();
    const heard: string[] = [];
    hub.on('a', () => {
      throw new Error('a listener’s own fault');
    });
    hub.on('a', () => Promise.reject(new Error('late')));
    const off = hub.on('a', () => {
      heard.push('once');
      off();
    });
    hub.on('a', () => heard.push('last'));
    hub.emit('a');
    hub.emit('a');
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    expect(heard).toEqual(['once', 'last', 'last']);
  });

  it('waits for an event that passes', async () => {
    const hub = new Hub();
    const where = (body: HubBody): boolean => {
      if (body['x'] === 0) throw new Error('counts as no');
      return body['x'] === 2;
    };
    const waited = hub.waitFor('a', { where, timeoutMs: 60_000 });
    for (const x of [0, 1, 2, 3]) hub.emit('a', { x });
    expect(await waited).toEqual({ x: 2 });
  });

  it('gives up waiting after its time', async () => {
    await expect(new Hub().waitFor('a', { timeoutMs: 5 })).rejects.toThrow('WAIT_TIMEOUT');
  });

  it('waits without a limit too', async () => {
    const hub = new Hub();
    const waited = hub.waitFor('a');
    hub.emit('a', { x: 1 });
    expect(await waited).toEqual({ x: 1 });
  });
});
