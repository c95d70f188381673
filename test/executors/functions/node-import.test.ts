import { execFile } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { taskFolder } from '../module/task-folder.js';

const room = new URL('../../../src/executors/', import.meta.url);

/** Vitest loads modules in its own way, so here the lookup runs in a Node of its own. */
it('loads modules as Node does, whatever their file names, and once only', async () => {
  const folder = await taskFolder({
    'package.json': '{ "type": "module" }',
    'root/a#b %41.js': 'let calls = 0; export const count = () => ++calls;',
    'root/common.cjs': 'module.exports = { send: () => "common", default: () => "compiled" };',
    'root/inherits.cjs': 'module.exports = Object.create({ send: () => 1 });',
  });
  await symlink(join(folder.path, 'root/a#b %41.js'), join(folder.path, 'root/alias.js'));
  const program = `
    const { FunctionLookup } = await import(${JSON.stringify(new URL('functions/function-lookup.ts', room).href)});
    const { allowedModules } = await import(${JSON.stringify(new URL('module/module-options.ts', room).href)});
    const lookup = new FunctionLookup(allowedModules({ roots: [${JSON.stringify(join(folder.path, 'root'))}] }), undefined);
    const results = [];
    for (const func of ['./a#b %41.js#count', 'alias.count', 'common.send', 'common.default', 'inherits.send'])
      results.push(await lookup.find(func).then((found) => found(), (error) => error.code));
    console.log(JSON.stringify(results));
  `;
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', program],
      { cwd: fileURLToPath(new URL('../../../', import.meta.url)) },
    );
    expect(JSON.parse(stdout)).toEqual([1, 2, 'common', 'compiled', 'FUNCTION_UNKNOWN']);
  } finally {
    await folder.remove();
  }
});
