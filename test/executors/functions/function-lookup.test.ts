import { mkdir, rm, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FunctionLookup } from '../../../src/executors/functions/function-lookup.js';
import type { JobFunction } from '../../../src/executors/functions/job-function.js';
import { allowedModules, type ModuleExecutorOptions } from '../../../src/executors/module/module-options.js';
import { taskFolder } from '../module/task-folder.js';

const ran = (globalThis as { ranOutside?: string[] }).ranOutside ?? [];
(globalThis as { ranOutside?: string[] }).ranOutside = ran;
const leavesTrace = 'globalThis.ranOutside.push(import.meta.url); export const send = () => "outside";';

describe('FunctionLookup', () => {
  let folder: Awaited<ReturnType<typeof taskFolder>>;
  let root: string;
  const inside = (...parts: string[]): string => join(folder.path, ...parts);

  beforeAll(async () => {
    folder = await taskFolder({
      'package.json': '{ "type": "module" }',
      'outside/secret.js': leavesTrace,
      'root/tasks/mail.js':
        'export const send = () => "mail.js"; export default () => "default of mail.js"; export const text = "no function";',
      'root/tasks/mail.mjs': 'export const send = () => "mail.mjs";',
      'root/tasks/only.mjs': 'export async function go() { return "only.mjs"; }',
      'root/tasks/common.cjs': 'exports.send = () => "common.cjs"; module.exports.other = 1;',
      'root/tasks/typed.ts': 'export const send = (): string => "typed.ts";',
      'root/tasks/inherits.js': 'export default Object.create({ send() {} });',
      'root/tasks/broken.js': 'throw new TypeError("broken on purpose");',
      'root/tasks/missing.js': 'import "./nowhere-to-be-found.js"; export const send = () => 1;',
      'root/tasks/untyped.ts':
        'throw Object.assign(new TypeError("Unknown file extension .ts"), { code: "ERR_UNKNOWN_FILE_EXTENSION" });',
      'root/node_modules/pack/index.js': leavesTrace,
      'root/.hidden/tasks.js': leavesTrace,
      'root/folder.js/index.js': leavesTrace,
      'second/tasks/mail.js': 'export const send = () => "second";',
      'second/tasks/extra.js': 'export const send = () => "extra";',
    });
    root = inside('root');
    await symlink(inside('outside/secret.js'), join(root, 'tasks/escape.js'));
    await symlink(inside('outside'), join(root, 'elsewhere'));
    await symlink(join(root, 'tasks/mail.js'), join(root, 'tasks/alias.js'));
    await symlink(join(root, 'node_modules/pack/index.js'), join(root, 'tasks/pack.js'));
    await symlink(inside('package.json'), join(root, 'tasks/json.js'));
    await symlink(join(root, 'tasks/loop.js'), join(root, 'tasks/loop.js'));
    await symlink(root, inside('current'));
    await mkdir(inside('empty'));
  });
  afterAll(() => folder.remove());

  const lookup = (options: ModuleExecutorOptions, rowRoots?: readonly string[]): FunctionLookup =>
    new FunctionLookup(allowedModules(options), rowRoots);
  const call = async (func: string, options: ModuleExecutorOptions = { roots: [root] }, rowRoots?: readonly string[]) =>
    ((await lookup(options, rowRoots).find(func)) as () => unknown)();

  describe('in a root', () => {
    it.each([
      ['tasks.mail.send', 'mail.js'],
      ['tasks.mail.default', 'default of mail.js'],
      ['./tasks/mail.js#send', 'mail.js'],
      ['./tasks/mail.js#default', 'default of mail.js'],
      ['./tasks/mail.mjs#send', 'mail.mjs'],
      ['tasks.only.go', 'only.mjs'],
      ['tasks.common.send', 'common.cjs'],
      ['tasks.typed.send', 'typed.ts'],
      ['./tasks/typed.ts#send', 'typed.ts'],
      ['./tasks/typed.js#send', 'typed.ts'],
      ['tasks.alias.send', 'mail.js'],
    ])('finds %s', async (func, result) => {
      expect(await call(func)).toBe(result);
    });

    it('takes the first root that has the module', async () => {
      expect(await call('tasks.mail.send', { roots: [inside('second'), root] })).toBe('second');
      expect(await call('tasks.extra.send', { roots: [root, inside('second')] })).toBe('extra');
    });

    it('takes roots as file URLs, relative paths, and through links', async () => {
      expect(await call('tasks.mail.send', { roots: [pathToFileURL(root)] })).toBe('mail.js');
      expect(await call('tasks.mail.send', { roots: [relative(process.cwd(), root)] })).toBe('mail.js');
      expect(await call('tasks.mail.send', { roots: [inside('current')] })).toBe('mail.js');
    });

    it('passes over roots that are not there', async () => {
      expect(await call('tasks.mail.send', { roots: [inside('gone'), root] })).toBe('mail.js');
    });

    it.each([
      ['tasks.mail.nothing', /exports no function "nothing"/],
      ['tasks.mail.text', /exports no function "text"/],
      ['tasks.mail.constructor', /exports no function "constructor"/],
      ['tasks.mail.__proto__', /exports no function "__proto__"/],
      ['tasks.mail.toString', /exports no function "toString"/],
      ['./tasks/mail.js#hasOwnProperty', /exports no function/],
      ['tasks.inherits.send', /exports no function "send"/],
      ['tasks.inherits.default', /exports no function "default"/],
      ['tasks.nothing.send', /no root has such a module/],
      ['nothing.send', /no root has such a module/],
      ['./tasks/nothing.js#send', /no root has such a module/],
      ['./tasks/mail.js/deeper.js#send', /no root has such a module/],
      ['./folder.js#send', /no root has such a module/],
      ['tasks.loop.send', /no root has such a module/],
      [`${'x'.repeat(6000)}.send`, /no root has such a module/],
      ['send', /names no module/],
    ])('does not know %.60s', async (func, message) => {
      await expect(call(func)).rejects.toMatchObject({
        code: 'FUNCTION_UNKNOWN',
        message: expect.stringMatching(message) as string,
      });
    });

    it.each([
      'tasks.escape.send',
      './tasks/escape.js#send',
      'elsewhere.secret.send',
      './elsewhere/secret.js#send',
      './../outside/secret.js#send',
      'tasks.pack.send',
      'tasks.json.default',
      'node_modules.pack.index.send',
      './.hidden/tasks.js#send',
    ])('does not allow %s, and does not even load it', async (func) => {
      await expect(call(func)).rejects.toMatchObject({ code: 'FUNCTION_NOT_ALLOWED' });
      expect(ran).toEqual([]);
    });

    it('says that a module failed to load, with its own error as the cause', async () => {
      await expect(call('tasks.broken.send')).rejects.toMatchObject({
        code: 'MODULE_FAILED',
        cause: expect.objectContaining({ name: 'TypeError', message: 'broken on purpose' }) as TypeError,
      });
      await expect(call('tasks.missing.send')).rejects.toMatchObject({ code: 'MODULE_FAILED' });
    });

    it('says what to do about TypeScript where nothing loads it', async () => {
      await expect(call('tasks.untyped.send')).rejects.toThrow(/^MODULE_FAILED.*start Node with a loader$/);
    });
  });

  describe('among registered functions', () => {
    const send: JobFunction = () => 'registered';
    const functions = { 'tasks.mail.send': send, 'gcode.print': send, plain: send };

    it('goes by the exact name, before the roots and without any', async () => {
      expect(await call('tasks.mail.send', { roots: [root], functions })).toBe('registered');
      expect(await call('gcode.print', { functions })).toBe('registered');
      expect(await call('plain', { functions })).toBe('registered');
    });

    it.each(['constructor', '__proto__', 'toString', 'Plain', 'plain ', 'gcode', 'tasks.mail'])(
      'does not take %j for one',
      async (func) => {
        await expect(call(func, { functions })).rejects.toMatchObject({ code: 'FUNCTION_NOT_ALLOWED' });
      },
    );

    it('keeps to the functions that were registered, whatever becomes of the object', async () => {
      const mutable: Record<string, JobFunction> = { a: send };
      const found = lookup({ functions: mutable });
      mutable['b'] = send;
      await expect(found.find('b')).rejects.toMatchObject({ code: 'FUNCTION_NOT_ALLOWED' });
    });
  });

  describe("with roots in the queue's row", () => {
    it('narrows to a folder inside an allowed root, relative or absolute', async () => {
      expect(await call('mail.send', { roots: [root] }, ['tasks'])).toBe('mail.js');
      expect(await call('mail.send', { roots: [root] }, [join(root, 'tasks')])).toBe('mail.js');
      expect(await call('tasks.mail.send', { roots: [root] }, ['.'])).toBe('mail.js');
      expect(await call('tasks.mail.send', { roots: [inside('current')] }, [inside('current')])).toBe('mail.js');
      await expect(call('tasks.mail.send', { roots: [root] }, ['tasks'])).rejects.toMatchObject({
        code: 'FUNCTION_UNKNOWN',
      });
    });

    it.each([
      ['/'],
      ['..'],
      ['../outside'],
      ['tasks/../../outside'],
      ['elsewhere'],
      ['nowhere'],
      ['tasks/mail.js'],
      ['\0'],
    ])('never widens to %j', async (rowRoot) => {
      await expect(call('secret.send', { roots: [root] }, [rowRoot])).rejects.toMatchObject({
        code: 'FUNCTION_NOT_ALLOWED',
      });
      expect(ran).toEqual([]);
    });

    it('never widens to a sibling whose name begins like the root', async () => {
      await mkdir(inside('root2'), { recursive: true });
      await expect(call('a.b', { roots: [root] }, [inside('root2')])).rejects.toMatchObject({
        code: 'FUNCTION_NOT_ALLOWED',
      });
      await rm(inside('root2'), { recursive: true });
    });

    it('allows nothing where it lists no root, or the operator allows none', async () => {
      await expect(call('tasks.mail.send', { roots: [root] }, [])).rejects.toMatchObject({
        code: 'FUNCTION_NOT_ALLOWED',
      });
      await expect(call('mail.send', {}, [join(root, 'tasks')])).rejects.toMatchObject({
        code: 'FUNCTION_NOT_ALLOWED',
        message: expect.stringContaining('no roots are allowed') as string,
      });
    });
  });

  it('says so when none of the allowed roots is a folder', async () => {
    await expect(call('tasks.mail.send', { roots: [inside('gone')] })).rejects.toThrow(/none of the allowed roots/);
  });
});
