import type { AxisLimits, Firmware, FirmwareFeatures } from '../firmware.js';
import type { HaltCause } from '../halt-cause.js';

const capabilities = (features: FirmwareFeatures): readonly (readonly [string, boolean])[] => [
  ['SERIAL_XON_XOFF', false],
  ['BINARY_FILE_TRANSFER', false],
  ['EEPROM', true],
  ['VOLUMETRIC', true],
  ['AUTOREPORT_POS', features.autoreportPosition],
  ['AUTOREPORT_TEMP', true],
  ['PROGRESS', false],
  ['PRINT_JOB', true],
  ['AUTOLEVEL', false],
  ['RUNOUT', features.hostPrompts],
  ['Z_PROBE', false],
  ['LEVELING_DATA', false],
  ['BUILD_PERCENT', features.hostPrompts],
  ['SOFTWARE_POWER', false],
  ['TOGGLE_LIGHTS', false],
  ['CASE_LIGHT_BRIGHTNESS', false],
  ['EMERGENCY_PARSER', features.emergencyParser],
  ['HOST_ACTION_COMMANDS', features.hostPrompts],
  ['PROMPT_SUPPORT', features.hostPrompts],
  ['SDCARD', false],
  ['REPEAT', false],
  ['SD_WRITE', false],
  ['AUTOREPORT_SD_STATUS', false],
  ['LONG_FILENAME', false],
  ['LFN_WRITE', false],
  ['CUSTOM_FIRMWARE_UPLOAD', false],
  ['EXTENDED_M20', false],
  ['THERMAL_PROTECTION', true],
  ['MOTION_MODES', false],
  ['ARCS', true],
  ['BABYSTEPPING', false],
  ['CHAMBER_TEMPERATURE', false],
  ['COOLER_TEMPERATURE', false],
  ['MEATPACK', false],
  ['CONFIG_EXPORT', false],
];

const haltMessages = {
  'heating-failed': { error: 'Heating failed', display: 'Heating Failed' },
  'thermal-runaway': { error: 'Thermal Runaway', display: 'Thermal Runaway' },
  mintemp: { error: 'MINTEMP triggered', display: 'Err: MINTEMP' },
  maxtemp: { error: 'MAXTEMP triggered', display: 'Err: MAXTEMP' },
} as const;

const haltWords = (cause: HaltCause, features: FirmwareFeatures): readonly string[] => {
  if (cause.kind === 'm112') return ['echo:M112 Shutdown'];
  if (cause.kind === 'homing-failed') return ['echo:Homing Failed'];
  const { error, display } = haltMessages[cause.kind];
  return [
    `Error:${error}, system stopped! Heater_ID: ${cause.heater === 'bed' ? 'bed' : 'E0'}`,
    '',
    ...(features.hostPrompts ? ['echo:Home XYZ First\r', '//action:notification Home XYZ First\r'] : []),
    `echo:${display}`,
  ];
};

const axes = ({ x, y, z, e }: AxisLimits): string =>
  `X${x.toFixed(4)} Y${y.toFixed(4)} Z${z.toFixed(4)} E${e.toFixed(4)}`;

/** Marlin 2.1.2. */
export const marlin21: Firmware = {
  banner: (features) => [
    'start',
    'PowerUp',
    'Marlin 2.1.2',
    'echo: Last Updated: 2022-12-17 | Author: (none, default config)',
    'echo: Compiled: Nov 23 2026',
    'echo: Free Memory: 0  PlannerBufferBytes: 1280',
    'echo:No EEPROM.',
    ...(features.hostPrompts ? ['//action:notification Hardcoded Default Settings Loaded'] : []),
    'echo:Hardcoded Default Settings Loaded',
    ...(features.hostPrompts ? ['//action:prompt_end'] : []),
  ],
  identity: (features, { machineType, uuid }) => [
    `FIRMWARE_NAME:Marlin 2.1.2 (Nov 23 2026 13:13:24) SOURCE_CODE_URL:github.com/MarlinFirmware/Marlin PROTOCOL_VERSION:1.0 MACHINE_TYPE:${machineType} EXTRUDER_COUNT:1 UUID:${uuid}`,
    ...capabilities(features).map(([name, present]) => `Cap:${name}:${present ? 1 : 0}`),
    ...(features.autoreportPosition
      ? [
          'area:{full:{min:{x:0.0000,y:0.0000,z:0.0000},max:{x:200.0000,y:200.0000,z:200.0000}},work:{min:{x:0.0000,y:0.0000,z:0.0000},max:{x:200.0000,y:200.0000,z:200.0000}}}',
        ]
      : []),
  ],
  settings: (maxFeed, features) => [
    '  G21 ; (mm)',
    '  M149 C ; Units in Celsius',
    '  M200 S0 D1.7500',
    '  M92 X80.0000 Y80.0000 Z400.0000 E500.0000',
    `  M203 ${axes(maxFeed)}`,
    '  M201 X3000.0000 Y3000.0000 Z100.0000 E10000.0000',
    '  M204 P3000.0000 R3000.0000 T3000.0000',
    '  M205 B20000.0000 S0.0000 T0.0000 J0.0130',
    '  M206 X0.0000 Y0.0000 Z0.0000',
    '  M301 P22.2000 I1.0800 D114.0000',
    '  M304 P10.0000 I0.0230 D305.4000',
    ...(features.hostPrompts ? ['  M603 L0.0000 U100.0000 ; (mm)', '  M412 S1 ; Sensor ON'] : []),
  ],
  haltLines: (cause, features) => [
    ...haltWords(cause, features),
    'Error:Printer halted. kill() called!',
    ...(features.hostPrompts ? ['//action:poweroff'] : []),
  ],
  readLineNumber: (value) => value,
  lineNumberAfter: (last) => last + 1,
  // A resend that was already under way: 2.1.2 passes it over, earlier ones answer with an error.
  dropsRepeated: (number, last) => number === last || number === last - 1,
  // The source looks at four characters only, so that M1120 and `M112 X` stop the printer too.
  isBare: (line, command) => line.startsWith(command),
  backspaceErases: true,
  hostCommentPrefix: '//',
  m118End: '\r',
  coldExtrusionLines: ['echo: cold extrusion prevented'],
  reportsTool: false,
  stepsPerMm: [80, 80, 400],
};
