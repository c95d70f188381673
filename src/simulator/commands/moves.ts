import { type Arc, arcOf } from '../arc.js';
import type { CommandLine } from '../command-line.js';
import type { CommandHandler, CommandHandlers } from '../command-handler.js';
import type { Machine } from '../machine.js';
import { afterMotion, type CommandResult, TimedWait, type Wait } from '../wait.js';

/** Longer extrusions are prevented (EXTRUDE_MAXLENGTH), mm. */
const LONGEST_EXTRUSION_MM = 200;

/** Blocks that wait for room in the planner. The ok comes when the last one is in. */
class BlocksWait implements Wait {
  readonly busy = 'processing';
  readonly #machine: Machine;
  readonly #durationMs: number;
  readonly #end: readonly [x: number, y: number, z: number];
  #blocks: number;

  constructor(machine: Machine, blocks: number, durationMs: number) {
    this.#machine = machine;
    this.#blocks = blocks;
    this.#durationMs = durationMs;
    this.#end = [machine.motion.x, machine.motion.y, machine.motion.z];
  }

  get dueMs(): number {
    return this.#machine.planner.nextFreeMs;
  }

  next(machine: Machine): CommandResult {
    const [x, y, z] = this.#end;
    while (this.#blocks > 0 && machine.planner.freeAt(machine.now) > 0) {
      machine.planner.add(this.#durationMs, x, y, z, machine.now);
      this.#blocks--;
    }
    return this.#blocks > 0 ? this : undefined;
  }
}

/** The extrusion that the firmware allows, mm; the axis is taken as moved either way. */
const allowedExtrusion = (machine: Machine): number => {
  const { extrusion } = machine.motion;
  if (extrusion === 0) return 0;
  if (machine.hotend.reading(machine.now) < machine.coldExtrusionC) {
    for (const line of machine.firmware.coldExtrusionLines) machine.print(line);
    return 0;
  }
  if (Math.abs(extrusion) > LONGEST_EXTRUSION_MM) {
    machine.echo(' too long extrusion prevented');
    return 0;
  }
  return extrusion;
};

const move: CommandHandler = (machine, command) => {
  const { motion, planner, now } = machine;
  motion.aim(command);
  const duration = motion.durationMs(allowedExtrusion(machine));
  motion.reach();
  if (duration === 0) return undefined;
  const blockMs = Math.max(duration, machine.options.minSegmentMs);
  if (planner.freeAt(now) === 0) return new BlocksWait(machine, 1, blockMs);
  planner.add(blockMs, motion.x, motion.y, motion.z, now);
  return undefined;
};

const arcFor = (machine: Machine, command: CommandLine): Arc | undefined => {
  const { motion } = machine;
  const radius = command.number('R');
  return arcOf({
    dx: motion.targetX - motion.x,
    dy: motion.targetY - motion.y,
    dz: motion.targetZ - motion.z,
    i: (command.number('I') ?? 0) * motion.unit,
    j: (command.number('J') ?? 0) * motion.unit,
    radius: radius === undefined ? undefined : radius * motion.unit,
    clockwise: command.code === 2,
  });
};

const arcMove: CommandHandler = (machine, command) => {
  const { motion } = machine;
  motion.aim(command);
  const arc = arcFor(machine, command);
  if (!arc) {
    machine.print('Error:G2/G3 bad parameters');
    return undefined;
  }
  const duration = motion.durationMs(allowedExtrusion(machine), arc.lengthMm);
  motion.reach();
  return new BlocksWait(machine, arc.segments, Math.max(duration / arc.segments, machine.options.minSegmentMs)).next(
    machine,
  );
};

/** Share of a whole homing that each axis takes. */
const HOMING_SHARE = { X: 0.25, Y: 0.25, Z: 0.5 } as const;
const ALL_AXES = ['X', 'Y', 'Z'] as const;

const home: CommandHandler = (machine, command) => {
  const axes = ALL_AXES.filter((axis) => command.has(axis));
  const homed: readonly (typeof ALL_AXES)[number][] = axes.length === 0 ? ALL_AXES : axes;
  const share = homed.reduce((sum, axis) => sum + HOMING_SHARE[axis], 0);
  return afterMotion(
    machine,
    () =>
      new TimedWait(machine.now + machine.options.homingMs * share, () => {
        for (const axis of homed) machine.motion[axis.toLowerCase() as 'x' | 'y' | 'z'] = 0;
        machine.syncPosition();
        machine.print(machine.positionReport());
        return undefined;
      }),
  );
};

const probe: CommandHandler = (machine) =>
  afterMotion(machine, () => new TimedWait(machine.now + machine.options.probingMs, () => undefined));

const dwell: CommandHandler = (machine, command) => {
  machine.notify('notification Sleep...');
  const ms = (command.number('P') ?? 0) + (command.number('S') ?? 0) * 1000;
  return afterMotion(machine, () => (ms > 0 ? new TimedWait(machine.now + ms, () => undefined) : undefined));
};

const placeAxes: CommandHandler = (machine, command) => {
  machine.motion.place(command);
  machine.syncPosition();
  machine.print(machine.positionReport());
  return undefined;
};

const finishMoves: CommandHandler = (machine) => afterMotion(machine, () => undefined);

const modes: CommandHandlers = {
  G20: ({ motion }) => motion.setInches(true),
  G21: ({ motion }) => motion.setInches(false),
  G90: ({ motion }) => void Object.assign(motion, { relative: false, relativeE: false }),
  G91: ({ motion }) => void Object.assign(motion, { relative: true, relativeE: true }),
  M82: ({ motion }) => void (motion.relativeE = false),
  M83: ({ motion }) => void (motion.relativeE = true),
};

/** Motion and what sets its modes. */
export const moveCommands: CommandHandlers = {
  ...modes,
  G0: move,
  G1: move,
  G2: arcMove,
  G3: arcMove,
  G4: dwell,
  G28: home,
  G29: probe,
  G92: placeAxes,
  M17: () => undefined,
  M18: finishMoves,
  M84: finishMoves,
  M400: finishMoves,
  // The motion has ended already when the line was read; here it is only acknowledged.
  M410: (machine) => machine.quickStop(),
};
