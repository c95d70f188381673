import type { Machine } from './machine.js';

/** How a command's work goes on: it waits, it is done, or it is done and has printed its own ok. */
export type CommandResult = Wait | 'answered' | undefined;

/** A command that holds its ok. It is looked at when it is due, and whenever M108, M410 or a prompt's answer comes in. */
export interface Wait {
  /** Simulated ms of the next look; Infinity when only the host can end it. */
  readonly dueMs: number;
  /** What the busy lines say meanwhile; false for a firmware that says nothing. */
  readonly busy: 'processing' | 'paused for user' | false;
  /** The next look. A wait that is not over returns itself or another. */
  next(machine: Machine): CommandResult;
}

/** Ends at a simulated time. */
export class TimedWait implements Wait {
  readonly dueMs: number;
  readonly busy: 'processing' | false;
  readonly #then: (machine: Machine) => CommandResult;

  constructor(dueMs: number, then: (machine: Machine) => CommandResult, busy: 'processing' | false = 'processing') {
    this.dueMs = dueMs;
    this.busy = busy;
    this.#then = then;
  }

  next(machine: Machine): CommandResult {
    return machine.now < this.dueMs ? this : this.#then(machine);
  }
}

/** Ends when all motion has ended; the stand-still that follows is wanted. */
class MotionEndWait implements Wait {
  readonly busy = 'processing';
  readonly #machine: Machine;
  readonly #then: (machine: Machine) => CommandResult;

  constructor(machine: Machine, then: (machine: Machine) => CommandResult) {
    this.#machine = machine;
    this.#then = then;
    machine.planner.rest();
  }

  get dueMs(): number {
    return this.#machine.planner.endsAtMs;
  }

  next(machine: Machine): CommandResult {
    return machine.planner.countAt(machine.now) > 0 ? this : this.#then(machine);
  }
}

/** Runs `then` after all motion: at once when the machine stands. */
export const afterMotion = (machine: Machine, then: (machine: Machine) => CommandResult): CommandResult =>
  new MotionEndWait(machine, then).next(machine);

/** Ends when the host says so: M108, a prompt's answer, or a time limit. */
export class HostWait implements Wait {
  readonly dueMs: number;
  readonly busy = 'paused for user';
  readonly #then: (machine: Machine, choice: number) => CommandResult;

  /** @param then is given the index of the prompt's button; M108 and the time limit count as the last one, -1. */
  constructor(machine: Machine, then: (machine: Machine, choice: number) => CommandResult, limitMs: number = Infinity) {
    machine.forgetHost();
    this.dueMs = machine.now + limitMs;
    this.#then = then;
  }

  next(machine: Machine): CommandResult {
    const choice = machine.promptChoice ?? -1;
    if (!machine.continued && machine.promptChoice === undefined && machine.now < this.dueMs) return this;
    machine.forgetHost();
    return this.#then(machine, choice);
  }
}
