import { readFileSync, rmSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { removeDataDirectory } from '../../postgres/remove-data-directory.js';

/** Everything that a demo leaves on the disk, in one folder that goes with it. */
export class DemoFolder {
  readonly path: string;
  /** Folders beside it, for the sweep. */
  readonly #others: string[] = [];
  readonly #onExit = (): void => this.#sweep();

  private constructor(path: string) {
    this.path = path;
    // Whatever ends the process: nothing may stay behind.
    process.once('exit', this.#onExit);
  }

  static async make(): Promise<DemoFolder> {
    const folder = new DemoFolder(await mkdtemp(join(await realpath(tmpdir()), 'spoolgate-demo-')));
    // Under root, the database's unprivileged user must get through.
    await chmod(folder.path, 0o755);
    await mkdir(folder.spoolDir);
    return folder;
  }

  get dataDir(): string {
    return join(this.path, 'data');
  }

  get spoolDir(): string {
    return join(this.path, 'spool');
  }

  get devicesFile(): string {
    return join(this.path, 'devices.json');
  }

  /** Writes devices.json with one simulated printer, and returns its text. */
  async writeDevices(speed: number): Promise<string> {
    const devices = {
      gateway: { name: 'demo' },
      spool_dir: basename(this.spoolDir),
      printers: [{ id: demoPrinter, name: 'Demo printer', simulated: { speed } }],
    };
    const text = `${JSON.stringify(devices, undefined, 2)}\n`;
    await writeFile(this.devicesFile, text);
    return text;
  }

  /** Has somebody else's temporary folder removed as well if the process ends before its owner could do so. */
  sweepToo(folder: string): void {
    this.#others.push(folder);
  }

  async remove(): Promise<void> {
    await removeDataDirectory(this.dataDir);
    rmSync(this.path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    process.off('exit', this.#onExit);
  }

  /** For the moment in which nothing can be awaited any more: the data is worth nothing, so SIGKILL will do. */
  #sweep(): void {
    const pid = this.#postmaster();
    try {
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
    for (const path of [this.path, ...this.#others]) {
      rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    }
  }

  #postmaster(): number | undefined {
    try {
      return Number.parseInt(readFileSync(join(this.dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10) || undefined;
    } catch {
      return undefined;
    }
  }
}

/** Id of the only printer. */
export const demoPrinter = 'demo';
