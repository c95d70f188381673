import { describe, expect, it } from 'vitest';
import { SpoolgateError } from '../../src/errors/spoolgate-error.js';
import { lostError, openError } from '../../src/transport/port-error.js';

const withCode = (code: string): Error => Object.assign(new Error('connect'), { code });

describe('openError', () => {
  it.each([
    ['Error: No such file or directory, cannot open /dev/ttyUSB9', 'PORT_NOT_FOUND'],
    ['Error: No such device or address, cannot open /dev/ttyUSB9', 'PORT_NOT_FOUND'],
    ['Opening COM9: File not found', 'PORT_NOT_FOUND'],
    ["Port does not exist - please call MockBinding.createPort('/dev/x') first", 'PORT_NOT_FOUND'],
    ['Error Resource temporarily unavailable Cannot lock port', 'PORT_BUSY'],
    ['Port is locked cannot open', 'PORT_BUSY'],
    ['Error: Device or resource busy, cannot open /dev/ttyUSB0', 'PORT_BUSY'],
    ['Error: Permission denied, cannot open /dev/ttyUSB0', 'PORT_PERMISSION'],
    ['Error: Operation not permitted, cannot open /dev/ttyUSB0', 'PORT_PERMISSION'],
    ['Error: Inappropriate ioctl for device setting custom baud rate of 250000', 'PORT_FAILED'],
  ])('%s -> %s', (text, code) => {
    const cause = new Error(text);
    const error = openError('/dev/ttyUSB0 at 115200 baud', cause, 'linux');
    expect(error).toMatchObject({ code, cause });
    expect(error.message).toContain(`/dev/ttyUSB0 at 115200 baud: ${text}`);
  });

  it.each([
    ['ECONNREFUSED', 'PORT_NOT_FOUND'],
    ['ENOTFOUND', 'PORT_NOT_FOUND'],
    ['ETIMEDOUT', 'PORT_NOT_FOUND'],
    ['EACCES', 'PORT_PERMISSION'],
    ['EBUSY', 'PORT_BUSY'],
    ['EMFILE', 'PORT_FAILED'],
  ])("Node's code %s -> %s", (code, expected) => {
    expect(openError('tcp://printer:23', withCode(code)).code).toBe(expected);
  });

  it('reads "Access denied" as a held port on Windows only', () => {
    const cause = new Error('Opening COM3: Access denied');
    expect(openError('COM3', cause, 'win32').code).toBe('PORT_BUSY');
    expect(openError('COM3', cause, 'linux').code).toBe('PORT_PERMISSION');
  });

  it('leaves an error of the table as it is, and takes what is no Error', () => {
    const error = new SpoolgateError('PORT_BUSY');
    expect(openError('x', error)).toBe(error);
    expect(openError('x', 'odd').message).toContain('x: odd');
  });
});

it('lostError names the port and keeps the cause', () => {
  const cause = new Error('EIO: i/o error, read');
  expect(lostError('/dev/ttyUSB0 at 250000 baud', cause)).toMatchObject({ code: 'LINK_LOST', cause });
});
