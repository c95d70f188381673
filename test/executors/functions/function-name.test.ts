import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SpoolgateError } from '../../../src/errors/spoolgate-error.js';
import { moduleExtensions, parseFunctionName } from '../../../src/executors/functions/function-name.js';

const codeOf = (func: string): string => {
  try {
    parseFunctionName(func);
    return 'none';
  } catch (error) {
    return error instanceof SpoolgateError ? error.code : 'not an error of the table';
  }
};

describe('parseFunctionName', () => {
  it.each([
    ['tasks.mail.send', ['tasks', 'mail'], undefined, 'send'],
    ['main.send', ['main'], undefined, 'send'],
    ['tasks.mail.default', ['tasks', 'mail'], undefined, 'default'],
    ['print-tasks.größe.größe', ['print-tasks', 'größe'], undefined, 'größe'],
    ['./tasks/mail.js#send', ['tasks', 'mail'], '.js', 'send'],
    ['./mail.mjs#default', ['mail'], '.mjs', 'default'],
    ['./a b/c#d.cjs#$e_1', ['a b', 'c#d'], '.cjs', '$e_1'],
    ['./tasks/mail.test.ts#send', ['tasks', 'mail.test'], '.ts', 'send'],
    ['./tasks/%2e%2e.mts#send', ['tasks', '%2e%2e'], '.mts', 'send'],
    ['./x.cts#constructor', ['x'], '.cts', 'constructor'],
  ])('takes %s apart', (func, segments, extension, exportName) => {
    expect(parseFunctionName(func)).toEqual({ segments, extension, exportName });
  });

  it.each([
    '',
    'send',
    '.send',
    'tasks.',
    'tasks..send',
    'tasks.mail.',
    'tasks.mail.send it',
    'a.b.1c',
    './a.js#',
    './a.js#b-c',
    'a b.c',
    'a\0.b',
  ])('finds %j malformed', (func) => expect(codeOf(func)).toBe('FUNCTION_UNKNOWN'));

  it.each([
    '../tasks.js#send',
    './../tasks.js#send',
    './a/../../tasks.js#send',
    './a/./b.js#send',
    './/etc/tasks.js#send',
    '/etc/tasks.js#send',
    'tasks.js#send',
    'node:child_process#exec',
    'file:///etc/tasks.js#send',
    'https://example.org/tasks.js#send',
    'data:text/javascript,export default 1#default',
    './node_modules/execa/index.js#execa',
    './a/node_modules/b.js#c',
    './.git/hooks.js#run',
    './.js#run',
    './a\\..\\b.js#run',
    './C:/b.js#run',
    './a\0.js#run',
    './data.json#default',
    './native.node#run',
    './tasks/mail#send',
    './#send',
    '#send',
    '../../etc/passwd.send',
    '/etc/tasks.send',
    'a\\b.send',
    'node_modules.execa.index.execa',
  ])('refuses %j, which leads elsewhere', (func) => expect(codeOf(func)).toBe('FUNCTION_NOT_ALLOWED'));

  it('takes any text: what comes out is a chain of plain names, else an error of the table', () => {
    const piece = fc.constantFrom(
      '.',
      '..',
      '/',
      '\\',
      '#',
      'a',
      'tasks',
      'node_modules',
      '.js',
      '.ts',
      ':',
      '\0',
      '%2e',
      '~',
    );
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
      fc.array(piece, { maxLength: 8 }).map((pieces) => `./${pieces.join('')}.js#run`),
    );
    fc.assert(
      fc.property(text, (func) => {
        const code = codeOf(func);
        if (code !== 'none') return code === 'FUNCTION_UNKNOWN' || code === 'FUNCTION_NOT_ALLOWED';
        const { segments, extension } = parseFunctionName(func);
        const parts = [...segments.slice(0, -1), `${segments.at(-1)}${extension ?? ''}`];
        const plain = parts.every((each) => !/^\.|[/\\:\0]|^node_modules$/.test(each));
        return plain && segments.length > 0 && (extension === undefined || moduleExtensions.includes(extension));
      }),
      { numRuns: 2000 },
    );
  });

  it('quotes at most 200 characters of what it refuses', () => {
    expect(() => parseFunctionName('x'.repeat(5000))).toThrow(/^FUNCTION_UNKNOWN: .{1,300}$/);
  });
});
