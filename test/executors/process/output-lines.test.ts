import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { OutputLines } from '../../../src/executors/process/output-lines.js';

describe('OutputLines', () => {
  let stream: PassThrough;
  let lines: string[];
  let output: OutputLines;
  beforeEach(() => {
    stream = new PassThrough();
    lines = [];
    output = new OutputLines(stream, (line) => lines.push(line));
  });

  const end = async (): Promise<void> => {
    const ended = once(stream, 'end');
    stream.end();
    await ended;
  };

  const write = async (text: string): Promise<void> => {
    const heard = once(stream, 'data');
    stream.write(text);
    await heard;
  };

  it('tells whole lines, and the rest at the end', async () => {
    stream.write('one\ntw');
    stream.write('o\r\n\n');
    stream.write('half');
    await end();
    expect(lines).toEqual(['one', 'two', '', 'half']);
    expect(output.tail).toBe('one\ntwo\r\n\nhalf');
  });

  it('gives the rest of a line to the run that wrote it', async () => {
    await write('old');
    output.begin();
    expect(lines).toEqual(['old']);
    expect(output.tail).toBe('');
    output.begin();
    expect(lines).toEqual(['old']);
  });

  it('cuts long lines and long tails', async () => {
    stream.write('x'.repeat(3000));
    stream.write(`${'y'.repeat(1_000_000)}\nnext\n`);
    await end();
    expect(lines.map((line) => line.length)).toEqual([4002, 4]);
    expect(lines[0]).toMatch(/^x{3000}y{1000} …$/);
    expect(output.tail.length).toBeLessThanOrEqual(2000);
  });

  it('tells a thousand lines of a run, and that there were more', async () => {
    await write('line\n'.repeat(5000));
    expect(lines).toHaveLength(1001);
    expect(lines.at(-1)).toBe('… (the rest of the output is not shown)');
    output.begin();
    stream.write('again\n');
    await end();
    expect(lines).toHaveLength(1002);
  });

  it('ends with a stream that breaks', async () => {
    await write('half');
    const closed = new Promise((resolve) => stream.once('close', resolve));
    stream.destroy(new Error('broken'));
    await closed;
    expect(lines).toEqual(['half']);
  });

  it('does not care how text is cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'ä', '😀', '\n', ' ') }), { maxLength: 20 }),
        async (parts) => {
          const through = new PassThrough();
          const heard: string[] = [];
          const whole = new OutputLines(through, (line) => heard.push(line));
          for (const byte of Buffer.from(parts.join(''))) through.write(Buffer.of(byte));
          const ended = once(through, 'end');
          through.end();
          await ended;
          const expected = parts.join('').split('\n');
          if (expected.at(-1) === '') expected.pop();
          expect(heard).toEqual(expected);
          expect(whole.tail).toBe(parts.join('').trim());
        },
      ),
      { numRuns: 50 },
    );
  });
});
