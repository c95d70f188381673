import { describe, expect, it } from 'vitest';
import { maxCommandBytes, wireCommand } from '../../src/printer/wire-command.js';

const line = (text: string): { text: string; fileLine: number; layer: number } => ({ text, fileLine: 7, layer: 0 });

describe('a command for the wire', () => {
  it('leaves out line numbers of the file, and hides their word in texts', () => {
    expect(wireCommand(line('M110 N5'), 95)).toBeUndefined();
    expect(wireCommand(line('M117 see M110'), 95)).toBe('M117 see M 110');
    expect(wireCommand(line('G1 X1'), 95)).toBe('G1 X1');
  });

  it('has room for its number and checksum', () => {
    const limit = maxCommandBytes(95);
    expect(wireCommand(line(`G1 ${'X'.repeat(limit - 3)}`), 95)).toHaveLength(limit);
    expect(() => wireCommand(line(`G1 ${'X'.repeat(limit - 2)}`), 95)).toThrow(/LINE_TOO_LONG.*line 7/);
    expect(wireCommand(line(`M117 ${'x'.repeat(200)}`), 95)).toHaveLength(limit);
  });
});
