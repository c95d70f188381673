import type { CommandHandler, CommandHandlers } from '../command-handler.js';
import type { Machine } from '../machine.js';
import { afterMotion, type CommandResult, HostWait, TimedWait } from '../wait.js';

/** Time of parking, of unloading and of loading filament, simulated ms. */
const PARK_MS = 6_000;
const FILAMENT_MS = 15_000;

/** Button of the purge prompt that asks for more. */
const PURGE_MORE = 0;

const stop: CommandHandler = (machine, command) => {
  const { emergencyParser, hostPrompts } = machine.options;
  if (!emergencyParser && !hostPrompts) return 'unknown';
  const limitMs = (command.number('P') ?? 0) + (command.number('S') ?? 0) * 1000;
  const hasText = limitMs === 0 && command.argument !== '';
  return afterMotion(machine, () => {
    if (hasText) machine.echo(`${command.argument}\r`);
    machine.prompt(hasText ? command.argument : `M${command.code} Stop`, ['Continue']);
    return new HostWait(machine, () => undefined, limitMs > 0 ? limitMs : Infinity);
  });
};

const purge = (machine: Machine): CommandResult =>
  new TimedWait(machine.now + FILAMENT_MS, () => {
    machine.prompt('Paused', ['PurgeMore', 'Continue']);
    return new HostWait(machine, (_, choice) => {
      if (choice === PURGE_MORE) return purge(machine);
      machine.notify('resumed');
      return undefined;
    });
  });

const changeFilament: CommandHandler = (machine) => {
  if (!machine.options.hostPrompts) return 'unknown';
  machine.notify('paused');
  machine.prompt('Pause', ['Dismiss']);
  return afterMotion(
    machine,
    () =>
      new TimedWait(machine.now + PARK_MS + FILAMENT_MS, () => {
        machine.echo('Insert filament and send M108');
        machine.prompt('Nozzle Parked', ['Continue']);
        return new HostWait(machine, () => purge(machine));
      }),
  );
};

/** Commands that wait for the operator, and those that end the waiting. */
export const pauseCommands: CommandHandlers = {
  M0: stop,
  M1: stop,
  // The waiting has ended already when the line came in; here it is only acknowledged.
  M108: () => undefined,
  M600: changeFilament,
  M876: (machine) => (machine.options.hostPrompts ? undefined : 'unknown'),
};
