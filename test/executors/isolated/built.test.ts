import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const project = fileURLToPath(new URL('../../../', import.meta.url));
const rooms = [
  'errors',
  'lifecycle',
  'queue',
  'executors/functions',
  'executors/isolated',
  'executors/thread',
  'executors/process',
];
const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, verbatimModuleSyntax: true };

/** Runs a job in each executor as the package has them: plain JavaScript, no loader. */
const program = `
  import { ProcessExecutor } from './executors/process/process-executor.js';
  import { ThreadExecutor } from './executors/thread/thread-executor.js';

  const job = { id: 'j', queue: 'q', func: 'tasks.work', kwargs: { by: 3 }, limits: [], meta: {}, state: 'running', priority: 0, attempts: 0,
    maxAttempts: 1, takenBy: 'w', uniqueKey: null, createdAt: new Date(), startedAt: new Date(), completedAt: null, scheduledAt: new Date(), errors: [] };
  const states = [];
  for (const Executor of [ThreadExecutor, ProcessExecutor]) {
    const queue = { name: 'q', concurrency: null, saveMeta: async () => 'stored', release: async () => 'stored',
      pushJobUpdate: async ({ state, meta, errors }) => { states.push({ state, meta, errors }); return 'stored'; } };
    const executor = new (Executor.with({ roots: [import.meta.dirname] }))({ workerId: 'w', queue, options: {}, wake() {} });
    await executor.push(job, { limit: 1 });
    await executor.push({ ...job, func: 'tasks.missing' }, { limit: 1 });
    await executor.stop();
  }
  console.log(JSON.stringify(states));
`;

describe('executors with threads and processes, as they are built', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'spoolgate-built-')));
    await symlink(join(project, 'node_modules'), join(folder, 'node_modules'));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await writeFile(join(folder, 'main.js'), program);
    await writeFile(join(folder, 'tasks.js'), 'export const work = ({ by }, { meta }) => { meta.twice = 2 * by; };');
    for (const room of rooms)
      for (const path of await readdir(join(project, 'src', room), { recursive: true })) {
        if (!path.endsWith('.ts')) continue;
        const { outputText } = ts.transpileModule(await readFile(join(project, 'src', room, path), 'utf8'), {
          compilerOptions,
        });
        const built = join(folder, room, path.replace(/\.ts$/, '.js'));
        await mkdir(dirname(built), { recursive: true });
        await writeFile(built, outputText);
      }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('find their threads and processes, and the program ends', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'main.js')]);
    const succeeded = { state: 'succeeded', meta: { twice: 6 }, errors: [] };
    const failed = { state: 'failed', meta: {}, errors: [{ code: 'FUNCTION_UNKNOWN' }] };
    expect(JSON.parse(stdout)).toMatchObject([succeeded, failed, succeeded, failed]);
  });
});
