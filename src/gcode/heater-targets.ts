/** Target temperatures as a program has set them, degrees C; 0 is off. */
export class HeaterTargets {
  readonly #tools = new Map<number, number>();
  #bed = 0;
  #chamber = 0;

  get bed(): number {
    return this.#bed;
  }

  get chamber(): number {
    return this.#chamber;
  }

  /** Targets of the tools that the program has set, by tool number. */
  get tools(): ReadonlyMap<number, number> {
    return this.#tools;
  }

  /** Whether anything is to be warm. */
  get isAnyOn(): boolean {
    return this.#bed > 0 || this.#chamber > 0 || [...this.#tools.values()].some((target) => target > 0);
  }

  /** NaN, as from a command without a temperature, changes nothing. Tells whether the command heats. */
  setTool(tool: number, target: number): 'heats' | 'none' {
    if (Number.isNaN(target) || Number.isNaN(tool)) return 'none';
    this.#tools.set(tool, target);
    return heats(target);
  }

  setBed(target: number): 'heats' | 'none' {
    if (Number.isNaN(target)) return 'none';
    this.#bed = target;
    return heats(target);
  }

  setChamber(target: number): 'heats' | 'none' {
    if (Number.isNaN(target)) return 'none';
    this.#chamber = target;
    return heats(target);
  }
}

const heats = (target: number): 'heats' | 'none' => (target > 0 ? 'heats' : 'none');
