/** What M115 says (printer-protocol §7). */
export interface FirmwareReport {
  /** `Marlin 2.1.2 (Nov 23 2026 10:00:00)`; empty while nothing was heard. */
  readonly name: string;
  readonly machineType: string | undefined;
  readonly uuid: string | undefined;
  readonly capabilities: ReadonlySet<string>;
}

export const unknownFirmware: FirmwareReport = {
  name: '',
  machineType: undefined,
  uuid: undefined,
  capabilities: new Set(),
};

/** Values hold blanks and colons (a URL), so a value ends where the next ` KEY:` begins. */
const fieldOf = (line: string, key: string): string | undefined => {
  const match = new RegExp(`(?:^|\\s)${key}:\\s*(.*?)(?=\\s+[A-Z][A-Z0-9_]*:|$)`).exec(line);
  return match?.[1] === undefined || match[1] === '' ? undefined : match[1];
};

/** Adds one received line to the report; lines that say nothing of the firmware leave it as it is. */
export const readFirmwareLine = (report: FirmwareReport, line: string): FirmwareReport => {
  const capability = /^Cap:([A-Z0-9_]+):1\s*$/.exec(line);
  if (capability?.[1] !== undefined) {
    return { ...report, capabilities: new Set([...report.capabilities, capability[1]]) };
  }
  if (!line.includes('FIRMWARE_NAME:')) return report;
  return {
    ...report,
    name: fieldOf(line, 'FIRMWARE_NAME') ?? report.name,
    machineType: fieldOf(line, 'MACHINE_TYPE') ?? report.machineType,
    uuid: fieldOf(line, 'UUID') ?? report.uuid,
  };
};
