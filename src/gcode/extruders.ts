/** Below this a rise is rounding of the file's decimals, not filament, mm. */
const noiseMm = 1e-4;

interface Filament {
  /** Fed forward less drawn back, mm. */
  net: number;
  /** The highest `net` so far, mm. */
  peak: number;
}

/**
 * Filament per tool. The program's E coordinate is one for all tools, as firmwares keep it; what was fed is counted for each, whatever
 * G92 makes of the coordinate, so that drawing back and feeding forward again is no extrusion.
 */
export class Extruders {
  readonly #filaments = new Map<number, Filament>();
  #current: Filament = { net: 0, peak: 0 };
  #tool = 0;

  /** The program's E coordinate, mm. */
  position = 0;

  constructor() {
    this.#filaments.set(0, this.#current);
  }

  get tool(): number {
    return this.#tool;
  }

  /** mm over all tools. */
  get extruded(): number {
    let sum = 0;
    for (const { peak } of this.#filaments.values()) sum += peak;
    return sum;
  }

  select(tool: number): void {
    this.#tool = tool;
    let filament = this.#filaments.get(tool);
    if (!filament) {
      filament = { net: 0, peak: 0 };
      this.#filaments.set(tool, filament);
    }
    this.#current = filament;
  }

  /** Moves to `e`, or by it; true when new filament leaves the nozzle. */
  move(e: number, isRelative: boolean): boolean {
    const distance = isRelative ? e : e - this.position;
    this.position += distance;
    const filament = this.#current;
    filament.net += distance;
    if (filament.net <= filament.peak + noiseMm) return false;
    filament.peak = filament.net;
    return true;
  }
}
