import type { CommandLine } from './command-line.js';

const MM_PER_INCH = 25.4;

/** Where the axes are meant to be, in the modes that the commands set. Lengths in mm, feed rates in mm/s. */
export class Motion {
  x = 0;
  y = 0;
  z = 0;
  e = 0;
  relative = false;
  relativeE = false;
  /** mm per unit of the commands: 25.4 after G20. */
  unit = 1;
  feed = 25;
  /** M220, 1 is 100 %. */
  feedFactor = 1;
  /** M221, 1 is 100 %. */
  flowFactor = 1;
  readonly maxFeed = { x: 300, y: 300, z: 5, e: 25 };
  // The target of the command that is being planned.
  targetX = 0;
  targetY = 0;
  targetZ = 0;
  targetE = 0;

  /** Takes the feed rate and sets the target of a move; nothing has moved yet. */
  aim(command: CommandLine): void {
    const feed = command.number('F');
    if (feed !== undefined && feed > 0) this.feed = (feed * this.unit) / 60;
    this.targetX = this.#aimAxis(command.number('X'), this.x, this.relative);
    this.targetY = this.#aimAxis(command.number('Y'), this.y, this.relative);
    this.targetZ = this.#aimAxis(command.number('Z'), this.z, this.relative);
    this.targetE = this.#aimAxis(command.number('E'), this.e, this.relativeE);
  }

  /** Length of the extrusion that the target asks for, mm of filament; negative pulls back. */
  get extrusion(): number {
    return (this.targetE - this.e) * this.flowFactor;
  }

  /** Ms of the way to the target, extruding `extrusion` mm; 0 when nothing moves. No axis goes faster than its limit. */
  durationMs(extrusion: number, pathMm?: number): number {
    const dx = Math.abs(this.targetX - this.x);
    const dy = Math.abs(this.targetY - this.y);
    const dz = Math.abs(this.targetZ - this.z);
    const de = Math.abs(extrusion);
    const length = pathMm ?? Math.sqrt(dx * dx + dy * dy + dz * dz);
    const seconds = (length === 0 ? de : length) / (this.feed * this.feedFactor);
    const { maxFeed } = this;
    return 1000 * Math.max(seconds, dx / maxFeed.x, dy / maxFeed.y, dz / maxFeed.z, de / maxFeed.e);
  }

  /** The target is where the axes will be. */
  reach(): void {
    this.x = this.targetX;
    this.y = this.targetY;
    this.z = this.targetZ;
    this.e = this.targetE;
  }

  /** G92: says where the axes are; without an axis, all of them are at 0. */
  place(command: CommandLine): void {
    const { unit } = this;
    const all = !['X', 'Y', 'Z', 'E'].some((axis) => command.has(axis));
    const value = (axis: string, now: number): number => (all ? 0 : (command.number(axis) ?? now / unit) * unit);
    this.x = value('X', this.x);
    this.y = value('Y', this.y);
    this.z = value('Z', this.z);
    this.e = value('E', this.e);
  }

  /** M203: the axes' highest feed rates, units per second. */
  limit(command: CommandLine): void {
    for (const axis of ['x', 'y', 'z', 'e'] as const) {
      const limit = command.number(axis.toUpperCase());
      if (limit !== undefined && limit > 0) this.maxFeed[axis] = limit * this.unit;
    }
  }

  setInches(inches: boolean): void {
    this.unit = inches ? MM_PER_INCH : 1;
  }

  #aimAxis(value: number | undefined, now: number, relative: boolean): number {
    if (value === undefined) return now;
    return relative ? now + value * this.unit : value * this.unit;
  }
}
