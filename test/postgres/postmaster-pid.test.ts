import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePostmasterPid } from '../../src/postgres/postmaster-pid.js';

describe('parsePostmasterPid', () => {
  it('reads the lock of a server with TCP', () => {
    const text = '4711\n/data\n1790000000\n5433\n/run/pg\n127.0.0.1\n  1  2\nready   \n';
    expect(parsePostmasterPid(text)).toEqual({
      pid: 4711,
      port: 5433,
      socketDir: '/run/pg',
      listenAddress: '127.0.0.1',
    });
  });

  it('reads what a starting server and a lone backend have written', () => {
    expect(parsePostmasterPid('4711\n/data\n1790000000\n5432\n')).toEqual({
      pid: 4711,
      port: 5432,
      socketDir: undefined,
      listenAddress: '',
    });
    expect(parsePostmasterPid('-4711')).toMatchObject({ pid: 4711, port: undefined });
  });

  it.each(['', '\n', 'x', '0', '99999999999999999999'])('finds no pid in %j', (text) => {
    expect(parsePostmasterPid(text)).toBeUndefined();
  });

  it('never throws, and never yields a pid that kill() would take for a group', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.oneof(fc.integer().map(String), fc.string())).map((l) => l.join('\n')),
        ),
        (text) => {
          const parsed = parsePostmasterPid(text);
          expect(parsed === undefined || parsed.pid > 0).toBe(true);
        },
      ),
    );
  });
});
