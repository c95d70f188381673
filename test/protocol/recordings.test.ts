import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { marlin } from '../../src/protocol/dialects/marlin.js';
import { LineMachine } from '../../src/protocol/line-machine.js';
import { defaultLineTimes } from '../../src/protocol/line-times.js';
import type { Reply } from '../../src/protocol/reply.js';
import { sharedFiles } from '../support/shared-folder.js';

interface Heard {
  readonly seconds: number;
  readonly line: string;
}

/** The received lines of a recording, unescaped. */
const heardIn = (path: string): readonly Heard[] =>
  readFileSync(path, 'latin1')
    .split('\n')
    .flatMap((row) => {
      const match = /^ *(\d+\.\d+) < (.*)$/.exec(row);
      if (!match) return [];
      const line = (match[2] ?? '')
        .replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
        .replace(/\\[rn]/g, '');
      return line === '' ? [] : [{ seconds: Number(match[1]), line }];
    });

/** What a person reads in a line of Marlin, by the first rule that fits. */
const readings: readonly [RegExp, Reply['kind']][] = [
  [/^ok( |$)/, 'ok'],
  [/^Resend: ?\d+$/, 'resend'],
  [/Last Line: |expected line/, 'line-error'],
  [/^echo:busy: /, 'busy'],
  [/^ T:.* W:/, 'busy'],
  [/^ T:/, 'temperatures'],
  [/kill\(\) called|system stopped|^fatal: /, 'fatal'],
  [/^echo:Unknown command/, 'unknown-command'],
  [/^\/\/ ?action:/, 'action'],
  [/^start$/, 'start'],
  [/^wait$/, 'wait'],
  [/^/, 'text'],
];

const recordings = sharedFiles('transcripts', /^marlin.*\d\d(-[a-z-]+)?\.txt$/).filter(
  (path) => !path.includes('perf'),
);

describe.skipIf(recordings.length === 0)('recordings of real firmware', () => {
  it.each(recordings.map((path) => [basename(path), path]))('%s: each line is understood', (_, path) => {
    const heard = heardIn(path);
    expect(heard.length).toBeGreaterThan(20);
    for (const { line } of heard) {
      const expected = readings.find(([pattern]) => pattern.test(line))?.[1];
      expect([line, marlin.classify(line).kind]).toEqual([line, expected]);
    }
  });

  it.each(recordings.filter((path) => path.includes('halt')).map((path) => [basename(path), path]))(
    '%s: each halt ends the link, and nothing else does but a reset',
    (_, path) => {
      const faults: (string | undefined)[] = [];
      const fresh = (nowMs: number): LineMachine<string> =>
        new LineMachine({
          dialect: marlin,
          window: { bytes: 127, lines: 3 },
          times: defaultLineTimes(115_200),
          feed: { peek: () => ({ command: 'M105', tag: 'M105' }), take: () => undefined },
          lastNumber: 0,
          nowMs,
        });
      let machine = fresh(0);
      for (const { seconds, line } of heardIn(path)) {
        machine.receive([line], seconds * 1000);
        if (!machine.fault) continue;
        faults.push(machine.fault);
        machine = fresh(seconds * 1000);
      }
      const halts = heardIn(path).filter(({ line }) => /kill\(\) called|system stopped/.test(line));
      const starts = heardIn(path).filter(({ line }) => line === 'start');
      expect(faults.filter((fault) => fault !== 'PRINTER_RESET')).toHaveLength(halts.length);
      expect(faults.filter((fault) => fault === 'PRINTER_RESET').length).toBeGreaterThanOrEqual(starts.length);
    },
  );
});
