import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorTable, isErrorCode } from '../../src/errors/error-table.js';
import { SpoolgateError } from '../../src/errors/spoolgate-error.js';
import { projectRoot, sourceFiles } from './source-files.js';

const codes = Object.entries(errorTable);

describe('the error table', () => {
  it('has a summary, a remedy and a fitting outcome for each code', () => {
    for (const [code, entry] of codes) {
      expect(code).toMatch(/^[A-Z][A-Z0-9_]+$/);
      expect(entry.summary, code).toMatch(/^[A-Z].*[^.]$/);
      expect(entry.remedy, code).toMatch(/\.$/);
      expect(['retry', 'fail', 'none'], code).toContain(entry.job);
    }
  });

  it('is documented, code by code, with the state that a job gets', () => {
    const page = readFileSync(join(projectRoot, 'docs/errors.md'), 'utf8');
    const states = { retry: 'RETRYING', fail: 'FAILED', none: '–' } as const;
    const rows = new Map(
      [...page.matchAll(/^\| `([A-Z0-9_]+)` *\| ([^|]*) \| ([^|]*) \|/gm)].map((row) => [row[1], row]),
    );
    for (const [code, entry] of codes) {
      expect(rows.get(code)?.[2]?.trim(), code).toBe(entry.summary);
      expect(rows.get(code)?.[3]?.trim(), code).toContain(states[entry.job]);
    }
    expect([...rows.keys()].filter((code) => !isErrorCode(code ?? ''))).toEqual([]);
  });

  it('has no code that nothing uses', () => {
    const text = sourceFiles('src')
      .filter(({ path }) => !path.startsWith('src/errors/table/'))
      .map((file) => file.text)
      .join('\n');
    expect(codes.map(([code]) => code).filter((code) => !text.includes(`'${code}'`))).toEqual([]);
  });

  it('makes messages in one place', () => {
    const error = new SpoolgateError('PORT_BUSY', { detail: '/dev/ttyUSB0' });
    expect(error.message).toBe('PORT_BUSY: The serial port is held by another program: /dev/ttyUSB0');
    expect(error.remedy).toMatch(/fuser/);
  });
});
