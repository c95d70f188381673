import { describe, expect, it } from 'vitest';
import { Tables, quoteIdentifier } from '../../src/queue/tables.js';

describe('Tables', () => {
  it('are Chancy’s names by default', () => {
    expect(Object.fromEntries(Object.entries(new Tables()))).toEqual({
      prefix: 'chancy_',
      jobs: '"chancy_jobs"',
      queues: '"chancy_queues"',
      workers: '"chancy_workers"',
      leader: '"chancy_leader"',
      queueRateLimits: '"chancy_queue_rate_limits"',
      schemaVersion: '"chancy_schema_version"',
      channel: 'chancy_events',
    });
  });

  it('quote whatever the prefix holds', () => {
    expect(new Tables('a"b').jobs).toBe('"a""bjobs"');
    expect(new Tables('').channel).toBe('events');
    expect(quoteIdentifier('x"y')).toBe('"x""y"');
  });

  it('give each prefix statement names of its own', () => {
    expect(new Tables('a_').statementName('push')).not.toBe(new Tables('b_').statementName('push'));
  });

  it('refuse a prefix that Postgres would cut or not take', () => {
    expect(() => new Tables('\0')).toThrow('APP_INVALID: The app cannot be set up: prefix: holds a NUL character');
    expect(() => new Tables('ä'.repeat(17))).toThrow('longer than 32 bytes');
    expect(new Tables('ä'.repeat(16)).prefix).toHaveLength(16);
  });
});
