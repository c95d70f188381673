import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNotification, parseNotification } from '../../src/queue/notification.js';

const id = '03fc9681-0e6c-8d37-a0fe-d3feb638167d';

describe('notifications', () => {
  it('are an object with t first', () => {
    expect(formatNotification('queue.pushed', { q: 'a "b"' })).toBe('{"t":"queue.pushed","q":"a \\"b\\""}');
    expect(formatNotification('x', { t: 'y', z: 1 })).toBe('{"t":"x","z":1}');
  });

  it.each([
    ['queue.pushed', { q: 'default' }],
    ['queue.declared', { q: 'a' }],
    ['job.cancelled', { j: id }],
    ['leadership.renewed', { worker_id: 'w' }],
    ['acme.own', { any: [1, { deep: null }] }],
  ])('of %s are read as they were written', (event, body) => {
    expect(parseNotification(formatNotification(event, body))).toEqual({ ok: true, notification: { event, body } });
  });

  it.each([
    [undefined, 'not JSON'],
    ['', 'not JSON'],
    ['hello', 'not JSON'],
    ['[]', 'not an object'],
    ['null', 'not an object'],
    ['{"q": "x"}', 'not an object with a text `t`'],
    ['{"t": 7}', 'not an object with a text `t`'],
    ['{"t": "queue.pushed"}', 'queue.pushed without its fields'],
    ['{"t": "queue.paused", "q": null}', 'queue.paused without its fields'],
    ['{"t": "job.cancelled", "j": "7"}', 'job.cancelled without its fields'],
  ])('[!] that would take down a Python worker are only refused: %s', (payload, reason) => {
    const parsed = parseNotification(payload);
    expect(parsed.ok).toBe(false);
    expect(parsed.ok ? '' : parsed.reason).toContain(reason);
  });

  it('named like a property of every object are events like others', () => {
    expect(parseNotification('{"t": "constructor"}')).toEqual({
      ok: true,
      notification: { event: 'constructor', body: {} },
    });
  });

  it('never throw, whatever they hold', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => typeof parseNotification(text).ok === 'boolean'));
  });
});
