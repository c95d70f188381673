import { CommanderError } from 'commander';
import { expect, it } from 'vitest';
import { SpoolgateError } from '../../src/errors/spoolgate-error.js';
import { Interrupted } from '../../src/cli/interrupted.js';
import { reportError } from '../../src/cli/report-error.js';
import { coloursFor } from '../../src/cli/terminal/colour.js';

const plain = { json: false, colours: coloursFor(false), stack: false };
const busy = new SpoolgateError('PORT_BUSY', { detail: '/dev/ttyUSB0', data: { path: '/dev/ttyUSB0' } });

it('says code, summary, detail and remedy, and never a stack', () => {
  expect(reportError(busy, { ...plain, stack: true })).toEqual({
    exitCode: 5,
    text:
      'error: PORT_BUSY The serial port is held by another program: /dev/ttyUSB0\n' +
      '→ Stop the other program (`fuser -v PORT` names it), or remove the port from one of the two.\n',
  });
});

it('says the same as one JSON object', () => {
  const { text } = reportError(busy, { ...plain, json: true });
  expect(JSON.parse(text)).toEqual({
    error: {
      code: 'PORT_BUSY',
      summary: 'The serial port is held by another program',
      detail: '/dev/ttyUSB0',
      remedy: busy.remedy,
      exitCode: 5,
      data: { path: '/dev/ttyUSB0' },
    },
  });
});

it('an interrupt says nothing', () => {
  expect(reportError(new Interrupted(), plain)).toEqual({ exitCode: 130, text: '' });
});

it('what nobody foresaw shows its stack only when asked, and says how to ask', () => {
  const error = new TypeError('x is not a function');
  const short = reportError(error, plain);
  expect(short.exitCode).toBe(1);
  expect(short.text).toContain('error: x is not a function\n→ This should not happen.');
  expect(short.text).not.toContain('\n    at ');
  expect(reportError(error, { ...plain, stack: true }).text).toContain(import.meta.filename);
  expect(JSON.parse(reportError('thrown text', { ...plain, json: true }).text)).toMatchObject({
    error: { code: 'UNEXPECTED', detail: 'thrown text', exitCode: 1 },
  });
});

it('commander and Postgres are given codes of the table', () => {
  const usage = new CommanderError(
    1,
    'commander.unknownOption',
    "error: unknown option '--foo'\n(Did you mean --for?)",
  );
  expect(reportError(usage, plain)).toMatchObject({
    exitCode: 2,
    text: expect.stringContaining("unknown option '--foo' (Did you mean --for?)") as string,
  });
  const refused = Object.assign(new Error('password authentication failed for user "x"'), { code: '28P01' });
  expect(reportError(refused, plain)).toMatchObject({
    exitCode: 4,
    text: expect.stringContaining('DATABASE_REFUSED') as string,
  });
});
