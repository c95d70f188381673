import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/observability/logger.js';
import { redactObject, redactText } from '../../src/observability/redaction.js';
import { CollectedLines } from './collected-lines.js';

describe('redaction of texts', () => {
  it.each([
    ['postgresql://anna:p%40ss@db/x', 'postgresql://anna:[redacted]@db/x'],
    ['postgresql://anna:p@ss/w0rd@db/x', 'postgresql://anna:[redacted]@db/x'],
    ['postgresql://anna@db/x', 'postgresql://anna@db/x'],
    ['http://host:8080/path', 'http://host:8080/path'],
    ["host=db password='a b' user=anna", "host=db password='[redacted]' user=anna"],
    ['PGPASSWORD=abc psql', 'PGPASSWORD=[redacted] psql'],
    ['{"password":"a\\"b","x":1}', '{"password":"[redacted]","x":1}'],
    ['{"msg":"{\\"api_key\\":\\"abc\\"}"}', '{"msg":"{\\"api_key\\":\\"[redacted]\\"}"}'],
    ['Authorization: Bearer abc.def', 'Authorization: Bearer [redacted]'],
    ['GET /x?token=abc&y=1', 'GET /x?token=[redacted]&y=1'],
    ['G1 X10 Y20 ; nothing here', 'G1 X10 Y20 ; nothing here'],
  ])('%s', (text, expected) => {
    expect(redactText(text)).toBe(expected);
  });
});

describe('redaction of objects', () => {
  it('goes into everything and changes nothing else', () => {
    const circle: Record<string, unknown> = { name: 'x' };
    circle['self'] = circle;
    expect(
      redactObject({
        dbPassword: 'x',
        nested: { list: [{ 'api-key': 1 }, 2], when: new Date(0) },
        secret: null,
        circle,
        bytes: new Uint8Array(3),
      }),
    ).toEqual({
      dbPassword: '[redacted]',
      nested: { list: [{ 'api-key': '[redacted]' }, 2], when: new Date(0) },
      secret: null,
      circle: { name: 'x', self: '[circular]' },
      bytes: '[3 bytes]',
    });
  });

  it('ends somewhere', () => {
    let deep: Record<string, unknown> = {};
    for (let depth = 0; depth < 20; depth += 1) deep = { deep };
    expect(JSON.stringify(redactObject(deep))).toContain('[deep]');
  });
});

describe('a line of the log', () => {
  const destination = new CollectedLines();
  const logger = createLogger({ env: {}, destination });
  const secretText = fc.string({ minLength: 6, unit: 'grapheme-ascii' }).map((text) => `S3:${text}:3S`);

  it('is JSON and holds no secret, whatever is logged', () => {
    fc.assert(
      fc.property(secretText, fc.string(), fc.jsonValue(), (secret, text, value) => {
        destination.text = '';
        const url = `postgresql://anna:${encodeURIComponent(secret)}@db/x`;
        logger.info({ value, password: secret, in: { token: secret }, url }, `${text} ${url}`);
        logger.error(new Error(`${text} ${url} password=${encodeURIComponent(secret)}`));
        expect(destination.lines).toHaveLength(2);
        expect(destination.text).not.toContain('S3:');
        expect(destination.text).not.toContain('S3%3A');
      }),
      { numRuns: 300 },
    );
  });

  it('stays what it was where there is nothing to hide', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/pass|pwd|secret|token|api|auth|:\/\//i.test(text));
        destination.text = '';
        logger.info({ text }, text);
        expect(destination.lines[0]).toMatchObject({ text, msg: text });
      }),
    );
  });
});
