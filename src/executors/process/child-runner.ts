import { SpoolgateError } from '../../errors/spoolgate-error.js';
import { type RunOrder, runReport } from '../isolated/messages.js';
import type { Runner, RunnerListener } from '../isolated/runner.js';
import { childDeath } from './child-death.js';
import type { Child, ChildListener } from './child.js';
import { watchMemory } from './memory-watch.js';

export interface ChildRunnerOptions {
  readonly child: Child;
  readonly order: RunOrder;
  readonly memoryBytes: number | undefined;
  readonly listener: RunnerListener;
  readonly output: ChildListener['output'];
  /** The run has ended in good order: the child can have another, or, without `again`, is to be ended. */
  readonly released: (again: boolean) => void;
}

/** One run in one child process. */
export class ChildRunner implements Runner {
  readonly #options: ChildRunnerOptions;
  #endWatch: () => void = () => undefined;
  #overMemory: SpoolgateError | undefined;

  constructor(options: ChildRunnerOptions) {
    this.#options = options;
    const { child, order, output, listener, memoryBytes } = options;
    child.begin({ message: (message) => this.#heard(message), output });
    child.tell({ kind: 'run', order });
    void child.gone.then((end) => {
      this.#endWatch();
      listener.lost(this.#overMemory ?? childDeath(end, memoryBytes));
    });
  }

  /** Its signal first, so that the function knows why; then the system's, for handlers and for processes that it has started. */
  abort({ code, detail }: SpoolgateError): void {
    const { child } = this.#options;
    child.tell({ kind: 'abort', code, detail }, () => child.signal('SIGTERM'));
  }

  kill(): void {
    this.#options.child.signal('SIGKILL');
  }

  release(again: boolean): void {
    this.#endWatch();
    this.#options.released(again);
  }

  #heard(message: unknown): void {
    const report = runReport.safeParse(message);
    if (!report.success) return;
    if (report.data.kind === 'begun') this.#watchMemory();
    this.#options.listener.report(report.data);
  }

  #watchMemory(): void {
    const { child, memoryBytes } = this.#options;
    if (memoryBytes === undefined || child.pid === undefined) return;
    this.#endWatch();
    this.#endWatch = watchMemory(child.pid, memoryBytes, (bytes) => {
      this.#overMemory = new SpoolgateError('JOB_MEMORY_LIMIT', {
        detail: `its process has ${bytes} bytes in use, ${memoryBytes} are allowed`,
      });
      this.kill();
    });
  }
}
