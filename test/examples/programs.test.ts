import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const project = new URL('../../', import.meta.url);

describe('The example program', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.drop());

  /** Runs it as a reader would, in a process of its own; rejects unless it ends by itself with code 0. */
  const run = async (name: string): Promise<string[]> => {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', 'tsx', `examples/${name}`], {
      cwd: fileURLToPath(project),
      env: { ...process.env, DATABASE_URL: database.url },
      timeout: 25_000,
    });
    expect(stderr).toBe('');
    return stdout.trim().split('\n');
  };

  it('custom-executor.ts runs one job and fails the other after its attempts', async () => {
    expect(await run('custom-executor.ts')).toEqual([
      'Hello, Ada!',
      'tasks.greet.hello({"name":"Ada"}) succeeded after 1 run(s)',
      'tasks.greet.hello({}) failed after 2 run(s)',
    ]);
  });

  it('module-tasks.ts runs functions in both of its queues, and nothing else', async () => {
    const lines = await run('module-tasks.ts');
    const file = await readFile(new URL('examples/module-tasks.ts', project));
    expect(lines.slice(0, 2).toSorted()).toEqual(['Hello, Barbara!', 'Hello, Grace!']);
    expect(lines.slice(2)).toEqual([
      'hello: succeeded ',
      `tasks.checksum.sha256: succeeded ${createHash('sha256').update(file).digest('hex')}`,
      './tasks/greet.ts#hello: succeeded ',
      expect.stringMatching(/^\.\/\.\.\/package\.json#default: failed FUNCTION_NOT_ALLOWED: /),
    ]);
  });
});
