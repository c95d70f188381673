import { type CommandClass, classOfG, classOfM, classOfMacro } from './command-effects.js';
import { CommandWords } from './command-words.js';
import { Extruders } from './extruders.js';
import { HeaterTargets } from './heater-targets.js';
import { takesString } from './string-command.js';

const mmPerInch = 25.4;

export interface MotionTrackerOptions {
  /**
   * Whether G90 and G91 set the extruder's mode too, until the next M82 or M83, as Marlin 2 does. Otherwise only G91 makes it relative
   * for as long as it holds (Marlin 1.1, Klipper). True by default.
   */
  readonly g90SetsExtruder?: boolean;
}

export interface Position {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly e: number;
}

/**
 * Follows the modal state of a program, fed each command in order. It knows no machine: positions are the program's own, in mm, after
 * homing 0 for the axes that were homed. Never throws, whatever it is fed.
 */
export class MotionTracker {
  readonly #words = new CommandWords();
  readonly #extruders = new Extruders();
  readonly #g90SetsExtruder: boolean;
  #x = 0;
  #y = 0;
  #z = 0;
  #feedRate = 0;
  #unitMm = 1;
  #isRelative = false;
  #isExtruderRelative = false;
  #waits = false;

  /** Targets as the program has set them, degrees C. */
  readonly heaters = new HeaterTargets();

  constructor({ g90SetsExtruder = true }: MotionTrackerOptions = {}) {
    this.#g90SetsExtruder = g90SetsExtruder;
  }

  /** Where the last command leads, mm; `e` as the program counts it. */
  get position(): Position {
    return { x: this.#x, y: this.#y, z: this.#z, e: this.#extruders.position };
  }

  /** mm. */
  get z(): number {
    return this.#z;
  }

  /** mm/min; 0 before the first F. */
  get feedRate(): number {
    return this.#feedRate;
  }

  get tool(): number {
    return this.#extruders.tool;
  }

  /** G91 holds. */
  get isRelative(): boolean {
    return this.#isRelative;
  }

  /** E words are distances: M83, or G91. */
  get isExtruderRelative(): boolean {
    return this.#isExtruderRelative || (this.#isRelative && !this.#g90SetsExtruder);
  }

  /** Filament that left the nozzles so far, mm, as the program means it. */
  get extruded(): number {
    return this.#extruders.extruded;
  }

  /** Whether the last command stands until a temperature is reached (M109, M190, M191, M116). */
  get waits(): boolean {
    return this.#waits;
  }

  /** Takes the next command, without number and checksum, and tells what it does at most. */
  feed(command: string): CommandClass {
    const words = this.#words;
    this.#waits = false;
    words.readName(command);
    switch (words.letter) {
      case 'G':
        words.readWords();
        return this.#g(words);
      case 'M':
        if (takesString(`M${words.code}`)) return classOfM(words.code);
        words.readWords();
        return this.#m(words);
      case 'T':
        if (Number.isNaN(words.code)) return command.trim().length > 1 ? 'extrudes' : 'none';
        this.#extruders.select(words.code);
        return 'moves';
      default:
        return this.#other(command);
    }
  }

  #other(command: string): CommandClass {
    const text = command.trim();
    this.#waits = /^TEMPERATURE_WAIT\b/i.test(text);
    return /^[a-z]/i.test(text) ? classOfMacro(text) : 'none';
  }

  #g(words: CommandWords): CommandClass {
    switch (words.code) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 5:
        return this.#move(words);
      case 10:
        return this.#toolSettings(words);
      case 20:
        this.#unitMm = mmPerInch;
        return 'none';
      case 21:
        this.#unitMm = 1;
        return 'none';
      case 28:
        this.#home(words);
        return 'moves';
      case 90:
      case 91:
        this.#isRelative = words.code === 91;
        if (this.#g90SetsExtruder) this.#isExtruderRelative = this.#isRelative;
        return 'none';
      case 92:
        if (words.sub <= 0) this.#setPosition(words);
        return 'none';
      default:
        return classOfG(words.code);
    }
  }

  #m(words: CommandWords): CommandClass {
    const { heaters } = this;
    const target = words.has('S') ? words.number('S') : words.number('R');
    const tool = words.number('T');
    switch (words.code) {
      case 82:
      case 83:
        this.#isExtruderRelative = words.code === 83;
        return 'none';
      case 104:
      case 109:
        this.#waits = words.code === 109;
        return heaters.setTool(Number.isNaN(tool) ? this.tool : tool, target);
      case 116:
        this.#waits = true;
        return 'none';
      case 140:
      case 190:
        this.#waits = words.code === 190;
        return heaters.setBed(target);
      case 141:
      case 191:
        this.#waits = words.code === 191;
        return heaters.setChamber(target);
      case 568:
        return this.#toolSettings(words);
      default:
        return classOfM(words.code);
    }
  }

  /** G10 is RepRapFirmware's tool setting with P, coordinates with L, and firmware retraction without. */
  #toolSettings(words: CommandWords): CommandClass {
    if (words.has('L')) return 'none';
    const isSetting = words.has('P') || words.has('R') || words.code === 568;
    if (!isSetting) return 'moves';
    const tool = words.has('P') ? words.number('P') : this.tool;
    const active = this.heaters.setTool(tool, words.number('S'));
    // A standby temperature heats as well, though not to the target.
    return active === 'heats' || words.number('R') > 0 ? 'heats' : 'none';
  }

  #move(words: CommandWords): CommandClass {
    const x = words.number('X');
    const y = words.number('Y');
    const z = words.number('Z');
    const e = words.number('E');
    const f = words.number('F');
    if (f > 0) this.#feedRate = f * this.#unitMm;
    this.#x = this.#reached(this.#x, x);
    this.#y = this.#reached(this.#y, y);
    this.#z = this.#reached(this.#z, z);
    if (!Number.isNaN(e) && this.#extruders.move(e * this.#unitMm, this.isExtruderRelative)) return 'extrudes';
    const moves = !Number.isNaN(x) || !Number.isNaN(y) || !Number.isNaN(z) || !Number.isNaN(e);
    return moves ? 'moves' : 'none';
  }

  #reached(from: number, word: number): number {
    if (Number.isNaN(word)) return from;
    return word * this.#unitMm + (this.#isRelative ? from : 0);
  }

  #home(words: CommandWords): void {
    const all = !words.has('X') && !words.has('Y') && !words.has('Z');
    if (all || words.has('X')) this.#x = 0;
    if (all || words.has('Y')) this.#y = 0;
    if (all || words.has('Z')) this.#z = 0;
  }

  #setPosition(words: CommandWords): void {
    const all = !words.has('X') && !words.has('Y') && !words.has('Z') && !words.has('E');
    const set = (letter: string, old: number): number =>
      all ? 0 : words.has(letter) ? (words.number(letter) || 0) * this.#unitMm : old;
    this.#x = set('X', this.#x);
    this.#y = set('Y', this.#y);
    this.#z = set('Z', this.#z);
    this.#extruders.position = set('E', this.#extruders.position);
  }
}
