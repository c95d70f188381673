import { execFile } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { projectRoot } from '../architecture/source-files.js';

const run = promisify(execFile);
/** What `npm pack` and the build look at. */
const sources = [
  'package.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'devices.example.json',
  'gcode-samples',
  'src',
];
const configs = ['tsconfig.json', 'tsconfig.build.json', '.npmrc'];

const packReport = z
  .array(z.object({ filename: z.string(), size: z.number(), files: z.array(z.object({ path: z.string() })) }))
  .length(1);
const lockfile = z.object({ packages: z.record(z.string(), z.object({ dev: z.boolean().optional() })) });

/** An empty project in a temporary folder, in which the packed package is installed as a user has it, without a network. */
export class PackedProject {
  readonly path: string;
  /** Bytes of the tarball. */
  readonly size: number;
  /** Paths in the tarball. */
  readonly files: readonly string[];
  readonly #folder: string;

  private constructor(folder: string, size: number, files: readonly string[]) {
    this.#folder = folder;
    this.path = join(folder, 'project');
    this.size = size;
    this.files = files;
  }

  /** Builds and packs a copy, so that a `dist` that somebody is using is left alone. */
  static async make(): Promise<PackedProject> {
    const folder = mkdtempSync(join(realpathSync(tmpdir()), 'spoolgate-package-'));
    const copy = join(folder, 'source');
    for (const name of [...sources, ...configs]) cpSync(join(projectRoot, name), join(copy, name), { recursive: true });
    symlinkSync(join(projectRoot, 'node_modules'), join(copy, 'node_modules'));
    await run(
      process.execPath,
      [join(projectRoot, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--noCheck'],
      {
        cwd: copy,
      },
    );
    const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
      cwd: copy,
    });
    const [report] = packReport.parse(JSON.parse(stdout));
    if (!report) throw new Error('nothing was packed');
    const project = new PackedProject(
      folder,
      report.size,
      report.files.map(({ path }) => path),
    );
    await project.#install(join(folder, report.filename));
    return project;
  }

  /** Runs a program of the project, or of another folder. */
  async run(
    file: string,
    args: readonly string[],
    options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
  ): Promise<string> {
    const { env = {}, cwd = this.path } = options;
    const { stdout } = await run(file, [...args], {
      cwd,
      env: { ...process.env, NO_COLOR: '1', ...env },
      timeout: 60_000,
    });
    return stdout;
  }

  /** Puts one of the consumers into the project. */
  add(consumer: string, as: string): void {
    cpSync(join(import.meta.dirname, 'consumers', consumer), join(this.path, as));
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.path, name), text);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #install(tarball: string): Promise<void> {
    const modules = join(this.path, 'node_modules');
    const target = join(modules, 'spoolgate');
    mkdirSync(join(modules, '.bin'), { recursive: true });
    mkdirSync(target);
    await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', target]);
    chmodSync(join(target, 'dist/cli/main.js'), 0o755);
    symlinkSync('../spoolgate/dist/cli/main.js', join(modules, '.bin/spoolgate'));
    this.write('package.json', JSON.stringify({ name: 'somebody', private: true, type: 'module' }));
    // What npm would install beside it: no package that only we need for development.
    const { packages } = lockfile.parse(JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')));
    for (const [path, { dev }] of Object.entries(packages)) {
      const isTopLevel = path.startsWith('node_modules/') && !path.includes('/node_modules/');
      if (!isTopLevel || dev === true) continue;
      const link = join(this.path, path);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(projectRoot, path), link);
    }
  }
}
