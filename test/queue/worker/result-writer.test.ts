import { describe, expect, it } from 'vitest';
import { EventBus } from '../../../src/events/event-bus.js';
import { Hub } from '../../../src/queue/hub.js';
import { Tables } from '../../../src/queue/tables.js';
import { keepTrying } from '../../../src/queue/worker/keep-trying.js';
import { ResultWriter } from '../../../src/queue/worker/result-writer.js';
import type { RunResult } from '../../../src/queue/worker/run-result.js';
import type { WatchedDatabase } from '../../../src/queue/worker/watched-database.js';
import { WorkerEvents } from '../../../src/queue/worker/worker-events.js';

const failure = (code: string): Error => Object.assign(new Error(code), { code });
const result = (id: string, state: RunResult['state'] = 'succeeded'): RunResult => ({
  id,
  queue: 'q',
  was: 0,
  attempts: 1,
  state,
  errors: [],
});

type Answer = (ids: readonly string[], text: string) => readonly { id: string; state: string }[];

/** A database that answers as it is told; keeps which ids were sent together. */
const scripted = (answer: Answer): { writer: ResultWriter; sent: string[][]; pauses: () => number } => {
  const sent: string[][] = [];
  let pauses = 0;
  const database = {
    query: async ({ text }: { text: string }, [json]: [string]) => {
      const ids = (JSON.parse(json) as { id: string }[]).map(({ id }) => id);
      sent.push(ids);
      await Promise.resolve();
      return answer(ids, text);
    },
    pause: async () => {
      pauses += 1;
    },
  } as unknown as WatchedDatabase;
  const events = new WorkerEvents('w', new EventBus(), new Hub());
  const writer = new ResultWriter({ workerId: 'w', tables: new Tables(), database, events });
  return { writer, sent, pauses: () => pauses };
};
const stored = (ids: readonly string[]): { id: string; state: string }[] =>
  ids.map((id) => ({ id, state: 'succeeded' }));

describe('ResultWriter', () => {
  it('sends what ends at the same moment together, and what comes meanwhile in the next batch', async () => {
    const { writer, sent } = scripted(stored);
    const first = [writer.write(result('a')), writer.write(result('b'))];
    await first[0];
    const second = [writer.write(result('c')), writer.write(result('d'))];
    expect(await Promise.all([...first, ...second])).toEqual(Array.from({ length: 4 }, () => 'succeeded'));
    expect(sent).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    await writer.flush();
  });

  it('[!] halves a batch that is refused until it has the one, and keeps the rest when the connection goes meanwhile', async () => {
    let hasLost = false;
    const { writer, pauses } = scripted((ids, text) => {
      if (text.includes('UPDATE') && ids.includes('bad') && ids.length > 1) throw failure('22P05');
      if (!hasLost && ids.includes('bad')) {
        hasLost = true;
        throw failure('57P01');
      }
      return stored(ids);
    });
    const ids = ['a', 'bad', 'c', 'd', 'e', 'f', 'g'];
    expect(await Promise.all(ids.map((id) => writer.write(result(id))))).toEqual(ids.map(() => 'succeeded'));
    expect(pauses()).toBe(1);
  });

  it('asks whether a result is stored only when its answer was lost', async () => {
    let tries = 0;
    const { writer, sent } = scripted((ids, text) => {
      tries += 1;
      if (tries === 1) throw failure('08006');
      return text.includes('UPDATE') ? [] : [{ id: 'kept', state: 'succeeded' }].filter(({ id }) => ids.includes(id));
    });
    expect(await Promise.all([writer.write(result('kept')), writer.write(result('stale'))])).toEqual([
      'succeeded',
      undefined,
    ]);
    expect(sent).toHaveLength(3);
    expect(await writer.write(result('later'))).toBeUndefined();
    expect(sent).toHaveLength(4);
  });

  it('gives up everything when it is abandoned', async () => {
    const { writer } = scripted(() => {
      throw failure('57P03');
    });
    const waiting = writer.write(result('a'));
    writer.abandon();
    expect(await waiting).toBeUndefined();
    expect(await writer.write(result('b'))).toBeUndefined();
    await writer.flush();
  });
});

describe('keepTrying', () => {
  const context = (forced: AbortSignal = new AbortController().signal): Parameters<typeof keepTrying>[0] => ({
    database: { pause: async () => undefined } as unknown as WatchedDatabase,
    events: new WorkerEvents('w', new EventBus(), new Hub()),
    forced,
  });
  const failing = (...codes: string[]) => {
    return async (): Promise<string> => {
      const code = codes.shift();
      if (code !== undefined) throw failure(code);
      return 'done';
    };
  };

  it('tries until it is done', async () => {
    expect(await keepTrying(context(), 'x', failing('57P01', 'ECONNREFUSED', '40P01'))).toBe('done');
  });

  it('gives up on values that are refused', async () => {
    expect(await keepTrying(context(), 'x', failing('22008'))).toBeUndefined();
  });

  it('gives up when the worker is forced to end', async () => {
    const forced = new AbortController();
    const tried = keepTrying(context(forced.signal), 'x', async () => {
      forced.abort();
      throw failure('57P01');
    });
    expect(await tried).toBeUndefined();
  });
});
