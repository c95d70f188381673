import type { CommandQueue } from './command-queue.js';
import type { FirmwareOptions } from './firmware-options.js';

/** The ok of the command at the queue's head; ADVANCED_OK adds its number, the planner's free blocks and the queue's free slots. */
export const okLine = (options: FirmwareOptions, queue: CommandQueue, freeBlocks: number): string => {
  if (!options.advancedOk) return 'ok';
  const number = queue.head?.number;
  return `ok${number === undefined ? '' : ` N${number}`} P${freeBlocks} B${options.bufSize - queue.length}`;
};
