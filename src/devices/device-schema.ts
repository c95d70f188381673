import { z } from 'zod';
import { gcodeScript } from './gcode-script.js';

/** Rates that serial adapters and firmwares are built for. */
const baudRates = [
  9600, 14_400, 19_200, 28_800, 38_400, 57_600, 76_800, 115_200, 128_000, 230_400, 250_000, 256_000, 460_800, 500_000,
  576_000, 921_600, 1_000_000, 1_152_000, 1_500_000, 2_000_000, 3_000_000, 4_000_000,
] as const;

/** JSON has no comments: a `//` key, with a text or a list of texts, may stand in every object. */
export const comment = {
  '//': z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('A comment for people; the program does not read it.'),
};

const mm = z.number().positive().max(10_000);
const coordinateMm = z.number().min(-10_000).max(10_000);
const seconds = z.number().positive().max(86_400);

const bed = z
  .strictObject({
    ...comment,
    x_mm: mm.default(250).describe('Printable width, mm.'),
    y_mm: mm.default(210).describe('Printable depth, mm.'),
    z_mm: mm.default(210).describe('Printable height, mm.'),
    origin: z
      .enum(['corner', 'center'])
      .default('corner')
      .describe('Where X0 Y0 lies: at the front left corner, or in the middle (delta printers).'),
  })
  .prefault({})
  .describe('The printable volume.');

const limits = z
  .strictObject({
    ...comment,
    hotend_c: z
      .number()
      .min(0)
      .max(600)
      .default(275)
      .describe('Highest nozzle temperature that a print may ask for, degrees C.'),
    bed_c: z
      .number()
      .min(0)
      .max(250)
      .default(120)
      .describe('Highest bed temperature that a print may ask for, degrees C.'),
    chamber_c: z
      .number()
      .min(0)
      .max(200)
      .default(0)
      .describe('Highest chamber temperature, degrees C; 0: no heated chamber.'),
  })
  .prefault({})
  .describe('Highest temperatures of this machine, for the check of files before a print; not enforced yet.');

const buffers = z
  .strictObject({
    ...comment,
    rx_bytes: z
      .int()
      .min(32)
      .max(65_536)
      .default(127)
      .describe("Bytes that the firmware's receive buffer holds: 127 on 8-bit Marlin (RX_BUFFER_SIZE less one)."),
    command_slots: z.int().min(1).max(64).default(4).describe("Lines that the firmware queues: Marlin's BUFSIZE."),
    window_lines: z
      .int()
      .min(1)
      .max(64)
      .optional()
      .describe(
        'Lines in flight at most; without it one less than `command_slots`, so that an emergency stop always finds a free slot. 1 waits for each acknowledgement.',
      ),
    line_bytes: z
      .int()
      .min(32)
      .max(4096)
      .default(95)
      .describe('Longest line that the firmware takes, number and checksum included (MAX_CMD_SIZE less one).'),
  })
  .prefault({})
  .describe("The firmware's buffers; too large a value makes it lose lines, too small only costs speed.");

const timeouts = z
  .strictObject({
    ...comment,
    connect_s: seconds.default(20).describe('Time for the firmware to answer after the port was opened, s.'),
    boot_s: seconds.default(2.5).describe('Time for a board that resets on opening to say `start`, s.'),
    silence_s: seconds.default(30).describe('The link is dead when nothing is heard for this long during a print, s.'),
    heat_s: seconds
      .default(900)
      .describe(
        'The same while a command runs that may take minutes without a sign of life: heating, homing, levelling, s.',
      ),
  })
  .prefault({})
  .describe('How long is waited.');

const park = z
  .strictObject({
    ...comment,
    raise_mm: z.number().min(0).max(100).default(5).describe('How far the head goes up first, mm, from where it is.'),
    x_mm: coordinateMm
      .optional()
      .describe('Where the head then goes, mm. Without x_mm and y_mm it stays above the part.'),
    y_mm: coordinateMm.optional().describe('Where the head then goes, mm.'),
    feed_mm_min: z.number().positive().max(60_000).default(3000).describe('Speed of that move, mm/min.'),
  })
  .refine(({ x_mm, y_mm }) => (x_mm === undefined) === (y_mm === undefined), {
    error: 'x_mm and y_mm belong together: give both or none',
  })
  .prefault({})
  .describe('Where the head waits when a print is paused or cancelled; used by the scripts that are not given.');

const simulated = z
  .strictObject({
    ...comment,
    speed: z
      .number()
      .positive()
      .max(10_000)
      .default(20)
      .describe('How many times faster than a real printer it moves and heats.'),
  })
  .optional()
  .describe('Not a real printer: the gateway starts a simulated one. Such a printer has no `path`.');

export const deviceSchema = z
  .strictObject({
    ...comment,
    id: z
      .string()
      .max(63)
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'an id is lower-case letters and digits with single hyphens: `prusa-left`')
      .describe('The name by which jobs and commands mean this printer; unique.'),
    name: z.string().min(1).max(100).optional().describe('The name for people; the id without it.'),
    path: z
      .string()
      .regex(
        /^(\/dev\/\S+|\/\S+|(\\\\\.\\)?COM\d+|tcp:\/\/(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):\d{1,5})$/,
        'a path is `/dev/serial/by-id/...`, `COM3` or `tcp://host:port`',
      )
      .optional()
      .describe(
        'The port: best a link in /dev/serial/by-id, which survives another socket; /dev/serial/by-path for adapters that are alike; tcp://host:port for a serial server.',
      ),
    baud_rate: z
      .literal(baudRates)
      .default(115_200)
      .describe("The firmware's rate, bits/s. Boards with native USB ignore it."),
    dialect: z.enum(['marlin']).default('marlin').describe("The firmware's way of speaking."),
    bed,
    limits,
    buffers,
    timeouts,
    park,
    cancel_script: gcodeScript
      .optional()
      .describe(
        'Commands after a cancelled or failed print, in place of: heaters and fan off, up a little, park, motors off.',
      ),
    pause_script: gcodeScript.optional().describe('Commands at a pause, in place of: up a little, park.'),
    resume_script: gcodeScript
      .default([])
      .describe(
        'Commands before a paused print goes on; temperatures, position and modes are restored after them in any case.',
      ),
    clear_bed: z
      .enum(['by_hand', 'by_itself'])
      .optional()
      .describe(
        'Who takes the part off: `by_hand` holds the next print back until somebody runs `spoolgate printers clear`; `by_itself` is for belts, ejectors and simulated printers, whose default it is.',
      ),
    simulated,
    tags: z
      .array(z.string().regex(/^[\w.:=-]{1,63}$/, 'a tag is letters, digits and `_ . : = -`'))
      .max(50)
      .default([])
      .describe('Words by which jobs can ask for a kind of printer.'),
    enabled: z.boolean().default(true).describe('false: the gateway leaves this printer alone.'),
  })
  .superRefine(({ path, simulated }, context) => {
    if (path === undefined && simulated === undefined)
      context.addIssue({
        code: 'custom',
        path: ['path'],
        message: 'missing: a printer that is not `simulated` needs its port',
      });
    if (path !== undefined && simulated !== undefined)
      context.addIssue({ code: 'custom', path: ['path'], message: 'a `simulated` printer has no port of its own' });
  });
