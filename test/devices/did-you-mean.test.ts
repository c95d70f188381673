import { expect, it } from 'vitest';
import { didYouMean } from '../../src/devices/did-you-mean.js';

const known = ['baud_rate', 'bed', 'buffers', 'path', 'cancel_script', 'x_mm', '//'];

it.each([
  ['baudRate', 'baud_rate'],
  ['BAUD-RATE', 'baud_rate'],
  ['buad_rate', 'baud_rate'],
  ['beds', 'bed'],
  ['paths', 'path'],
  ['cancelscript', 'cancel_script'],
  ['x', 'x_mm'],
  ['z', undefined],
  ['temperature', undefined],
  ['', undefined],
])('didYouMean(%j)', (written, meant) => {
  expect(didYouMean(written, known)).toBe(meant);
});

it('has nothing to propose where nothing is known', () => {
  expect(didYouMean('bed', [])).toBeUndefined();
});
