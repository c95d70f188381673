/** What a command can do to the machine, from the least to the most. */
export type CommandClass = 'none' | 'heats' | 'moves' | 'extrudes';

/** G commands that run a program of the firmware with moves in it: homing, probing, parking, tool-head cleaning, retraction. */
const movingG = new Set([10, 11, 12, 27, 28, 29, 30, 32, 33, 34, 35, 38, 42, 61, 76, 80, 81, 425]);
/** G26 prints a test pattern. */
const extrudingG = new Set([26]);
/** Tool change, probe down and up, servo, calibration runs, parking at pause, babysteps. */
const movingM = new Set([6, 45, 46, 48, 125, 280, 290, 401, 402, 577, 601, 605, 666, 702, 914, 1001]);
/** Start of a file on the card, a macro file, filament change, load and purge: they may feed filament. */
const extrudingM = new Set([24, 32, 98, 600, 602, 701, 1701]);
/** Heater tuning and preheating that set no target of their own. */
const heatingM = new Set([145, 303, 306, 1700]);

/** The class of a `G` command that neither moves by its own words nor sets anything. */
export const classOfG = (code: number): CommandClass =>
  extrudingG.has(code) ? 'extrudes' : movingG.has(code) ? 'moves' : 'none';

export const classOfM = (code: number): CommandClass =>
  extrudingM.has(code) ? 'extrudes' : movingM.has(code) ? 'moves' : heatingM.has(code) ? 'heats' : 'none';

/** Klipper commands and common macros that only set or tell something. */
const quietMacro =
  /^(EXCLUDE_OBJECT(_\w+)?|SET_(PRINT_STATS_INFO|PRESSURE_ADVANCE|VELOCITY_LIMIT|FAN_SPEED|LED|PIN|DISPLAY_TEXT|PAUSE_NEXT_LAYER|PAUSE_AT_LAYER|RETRACTION|INPUT_SHAPER|GCODE_OFFSET|IDLE_TIMEOUT)|RESPOND|STATUS|GET_POSITION|SAVE_GCODE_STATE|TIMELAPSE_\w+|BED_MESH_(PROFILE|CLEAR)|TEMPERATURE_WAIT|UPDATE_DELAYED_GCODE|SKEW_PROFILE|TURN_OFF_HEATERS)\b/i;
const heatingMacro = /^SET_HEATER_TEMPERATURE\b/i;
const movingMacro =
  /^(BED_MESH_CALIBRATE|QUAD_GANTRY_LEVEL|Z_TILT_ADJUST|RESTORE_GCODE_STATE|PROBE\w*|SCREWS_TILT_CALCULATE|FORCE_MOVE)\b/i;
const offTarget = /\bTARGET\s*=\s*0+(\.0*)?\s*$/i;

/** The class of a macro by its name; one that is not known may do anything, as START_PRINT does. */
export const classOfMacro = (command: string): CommandClass => {
  if (quietMacro.test(command)) return 'none';
  if (heatingMacro.test(command)) return !/\bTARGET\s*=/i.test(command) || offTarget.test(command) ? 'none' : 'heats';
  return movingMacro.test(command) ? 'moves' : 'extrudes';
};
