import { z } from 'zod';

/** Longest line of a script, characters: room for a line number and checksum within Marlin's 95. */
const longestCommand = 80;

const command = z
  .string()
  .trim()
  .min(1, { abort: true })
  .max(longestCommand)
  .regex(/^[\x20-\x7e]*$/, 'a line break, control character or letter outside ASCII: one command per entry')
  .regex(/^[^;]*$/, 'a comment (`;`): it cannot be sent')
  .regex(/^[A-Z]/, 'not a G-code command: it begins with an upper-case letter')
  .regex(/^(?!N\d)[^*]*$/, 'a line number or checksum: the program adds its own')
  .regex(/^(?!M110\b)/, 'M110: the program numbers lines by itself');

/** G-code commands that are sent as they stand, one an entry. */
export const gcodeScript = z.array(command).max(100);
