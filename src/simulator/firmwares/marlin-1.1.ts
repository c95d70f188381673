import type { AxisLimits, Firmware } from '../firmware.js';

const LONG_MAX = 2 ** 31 - 1;

const CAPABILITIES = [
  'SERIAL_XON_XOFF:0',
  'EEPROM:0',
  'VOLUMETRIC:1',
  'AUTOREPORT_TEMP:1',
  'PROGRESS:0',
  'PRINT_JOB:1',
  'AUTOLEVEL:0',
  'Z_PROBE:0',
  'LEVELING_DATA:0',
  'BUILD_PERCENT:0',
  'SOFTWARE_POWER:0',
  'TOGGLE_LIGHTS:0',
  'CASE_LIGHT_BRIGHTNESS:0',
] as const;

const haltMessages = {
  'heating-failed': 'Heating failed',
  'thermal-runaway': 'Thermal Runaway',
  mintemp: 'MINTEMP triggered',
  maxtemp: 'MAXTEMP triggered',
} as const;

const axes = ({ x, y, z, e }: AxisLimits): string =>
  `X${x.toFixed(2)} Y${y.toFixed(2)} Z${z.toFixed(2)} E${e.toFixed(2)}`;

/** Marlin 1.1.9 on an 8-bit board. */
export const marlin11: Firmware = {
  banner: () => [
    'start',
    'echo:Marlin 1.1.9',
    '',
    'echo: Last Updated: 2018-08-01 | Author: (none, default config)',
    'echo:Compiled: Nov 23 2026',
    'echo: Free Memory: 5554  PlannerBufferBytes: 1232',
    'echo:Hardcoded Default Settings Loaded',
    'echo:  G21    ; (mm)',
    '',
    'echo:Filament settings: Disabled',
    'echo:  M200 D3.00',
    'echo:  M200 D0',
    'echo:Steps per unit:',
    'echo:  M92 X80.00 Y80.00 Z4000.00 E500.00',
    'echo:Maximum feedrates (units/s):',
    'echo:  M203 X300.00 Y300.00 Z5.00 E25.00',
    'echo:Maximum Acceleration (units/s2):',
    'echo:  M201 X3000 Y3000 Z100 E10000',
    'echo:Acceleration (units/s2): P<print_accel> R<retract_accel> T<travel_accel>',
    'echo:  M204 P3000.00 R3000.00 T3000.00',
    'echo:Advanced: Q<min_segment_time_us> S<min_feedrate> T<min_travel_feedrate> X<max_x_jerk> Y<max_y_jerk> Z<max_z_jerk> E<max_e_jerk>',
    'echo:  M205 Q20000 S0.00 T0.00 X10.00 Y10.00 Z0.30 E5.00',
    'echo:Home offset:',
    'echo:  M206 X0.00 Y0.00 Z0.00',
    'echo:PID settings:',
    'echo:  M301 P22.20 I1.08 D114.00',
  ],
  identity: (features, { machineType, uuid }) => [
    `FIRMWARE_NAME:Marlin 1.1.9 (Github) SOURCE_CODE_URL:https://github.com/MarlinFirmware/Marlin PROTOCOL_VERSION:1.0 MACHINE_TYPE:${machineType} EXTRUDER_COUNT:1 UUID:${uuid}`,
    ...CAPABILITIES.map((capability) => `Cap:${capability}`),
    `Cap:EMERGENCY_PARSER:${features.emergencyParser ? 1 : 0}`,
    'Cap:AUTOREPORT_SD_STATUS:0',
    'Cap:THERMAL_PROTECTION:1',
  ],
  settings: (maxFeed) => [
    '  G21    ; (mm)',
    '',
    '  M200 D3.00',
    '  M200 D0',
    '  M92 X80.00 Y80.00 Z4000.00 E500.00',
    `  M203 ${axes(maxFeed)}`,
    '  M201 X3000 Y3000 Z100 E10000',
    '  M204 P3000.00 R3000.00 T3000.00',
    '  M205 Q20000 S0.00 T0.00 X10.00 Y10.00 Z0.30 E5.00',
    '  M206 X0.00 Y0.00 Z0.00',
    '  M301 P22.20 I1.08 D114.00',
  ],
  haltLines: (cause) => [
    ...('heater' in cause
      ? [`Error:${haltMessages[cause.kind]}, system stopped! Heater_ID: ${cause.heater === 'bed' ? 'bed' : '0'}`]
      : []),
    'Error:Printer halted. kill() called!',
  ],
  readLineNumber: (value) => Math.max(-LONG_MAX - 1, Math.min(LONG_MAX, value)),
  lineNumberAfter: (last) => (last + 1) | 0,
  dropsRepeated: () => false,
  isBare: (line, command) => line === command,
  backspaceErases: false,
  hostCommentPrefix: '// ',
  m118End: '',
  coldExtrusionLines: ['echo: cold extrusion prevented', 'echo: cold extrusion prevented'],
  reportsTool: true,
  stepsPerMm: [80, 80, 4000],
};
