/** A heater in °C; `target` is undefined where the firmware reports none (probe, ambient). */
interface HeaterReport {
  readonly current: number;
  readonly target: number | undefined;
}

export type TemperatureReport = Readonly<Record<string, HeaterReport>>;

// `T:25.45 /0.00`, `B:25 /0`, `T0:210.0 /210.0`, `T:21.3/ 0.0`, `C:30.1 /0.00`, `P:28.3`. `@`, `B@`, `W` and `E` are no temperatures.
const reading = /(?:^|\s)([TBCPALMR]\d?):\s*(-?\d+(?:\.\d+)?)(?:\s*\/\s*(-?\d+(?:\.\d+)?))?/g;

/**
 * Reads `T:210.0 /210.0 B:60.0 /60.0 @:64 B@:10` and its relatives (printer-protocol §6), alone or behind `ok`. Undefined when the line
 * holds no hotend or bed temperature.
 */
export const parseTemperatures = (line: string): TemperatureReport | undefined => {
  if (!line.includes('T:') && !line.includes('B:') && !line.includes('T0:')) return undefined;
  const report: Record<string, HeaterReport> = {};
  for (const [, heater, current, target] of line.matchAll(reading)) {
    if (heater === undefined || report[heater] !== undefined) continue;
    report[heater] = { current: Number(current), target: target === undefined ? undefined : Number(target) };
  }
  return (report['T'] ?? report['T0'] ?? report['B']) ? report : undefined;
};
