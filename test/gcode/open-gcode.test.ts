import { closeSync, openSync, readdirSync, symlinkSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GcodeLine } from '../../src/gcode/gcode-line.js';
import { type OpenGcodeOptions, openGcode } from '../../src/gcode/open-gcode.js';
import { useTempFolder } from './temp-file.js';

const read = async (path: string, options?: OpenGcodeOptions): Promise<GcodeLine[]> => {
  const lines: GcodeLine[] = [];
  for await (const batch of openGcode(path, options)) lines.push(...batch);
  return lines;
};

const openFiles = (): number => readdirSync('/proc/self/fd').length;

describe('openGcode', () => {
  const folder = useTempFolder();

  it('gives commands with their line in the file and their layer', async () => {
    const path = folder.write(
      'a.gcode',
      '; head\nG28 ; home\n\n;LAYER_CHANGE\n;Z:0.2\nG1 X1 E1\n;LAYER_CHANGE\n;AFTER_LAYER_CHANGE\nG1 X2 E1\nM84',
    );
    expect(await read(path)).toEqual([
      { text: 'G28', fileLine: 2, layer: 0 },
      { text: 'G1 X1 E1', fileLine: 6, layer: 1 },
      { text: 'G1 X2 E1', fileLine: 9, layer: 2 },
      { text: 'M84', fileLine: 10, layer: 2 },
    ]);
  });

  it.each([
    [';LAYER:0', ';LAYER:1'],
    [';LAYER:-2', ';LAYER:-1'],
    ['; CHANGE_LAYER', '; CHANGE_LAYER'],
    ['; layer 1, Z = 0.2', '; layer 2, Z = 0.4'],
    ['; BEGIN_LAYER_OBJECT z=0.2', '; BEGIN_LAYER_OBJECT z=0.4'],
  ])('counts layers by %s, and by one kind of mark only', async (first, second) => {
    const path = folder.write('a.gcode', `;LAYER_COUNT:2\n${first}\nG1 X1\n${second}\n;LAYER_CHANGE\nG1 X2\n`);
    expect((await read(path)).map(({ layer }) => layer)).toEqual(first === ';LAYER_CHANGE' ? [1, 3] : [1, 2]);
  });

  it('gives the same commands for LF, CR LF, CR, with a byte order mark, and packed', async () => {
    const command = fc.stringMatching(/^(G1 [XY]\d{1,3}|;LAYER_CHANGE|; note|M117 x {0,3}|)$/);
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 40 }), async (lines) => {
        const plain = await read(folder.write('lf.gcode', lines.join('\n')));
        expect(await read(folder.write('crlf.gcode', lines.join('\r\n')))).toEqual(plain);
        expect(await read(folder.write('cr.gcode', lines.join('\r')))).toEqual(plain);
        expect(await read(folder.write('bom.gcode', `\uFEFF${lines.join('\n')}`))).toEqual(plain);
        expect(await read(folder.write('packed', gzipSync(lines.join('\n'))))).toEqual(plain);
      }),
      { numRuns: 40 },
    );
  });

  it('gives the same commands wherever the chunks of the file end', async () => {
    const behind = async (content: Buffer, pad: number): Promise<string[]> => {
      // A chunk is 64 KiB: the padding moves each line end, and each half of one, over its border.
      const padding = `;${'-'.repeat(65_536 - 20 + pad)}\r\n`;
      const lines = await read(folder.write('a.gcode', Buffer.concat([Buffer.from(padding), content])));
      return lines.map(({ text, fileLine }) => `${fileLine} ${text}`);
    };
    const content = Buffer.from('G1 X1\r\n;LAYER_CHANGE\r\nG1 X2\r\n\r\nG1 X3\r\nM84\r\n');
    for (let pad = 0; pad < 24; pad += 1)
      expect(await behind(content, pad)).toEqual(['2 G1 X1', '4 G1 X2', '6 G1 X3', '7 M84']);
  });

  it('gives batches of at most 512 lines', async () => {
    const path = folder.write('a.gcode', 'G1 X1\n'.repeat(5000));
    const sizes: number[] = [];
    for await (const batch of openGcode(path)) sizes.push(batch.length);
    expect(Math.max(...sizes)).toBe(512);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(5000);
  });

  it('stays within constant memory, also for a gzip file that grows a hundredfold', async () => {
    const part = Buffer.from('G1 X100.123 Y100.123 E0.12345 ; wall\n'.repeat(30_000));
    const path = folder.write('big.gcode', '');
    const fd = openSync(path, 'w');
    for (let n = 0; n < 30; n += 1) writeSync(fd, part);
    closeSync(fd);
    const packed = folder.write('big.gz', Buffer.concat(Array.from({ length: 30 }, () => gzipSync(part))));
    for (const file of [path, packed]) {
      let peak = 0;
      let commands = 0;
      const before = process.memoryUsage();
      for await (const batch of openGcode(file)) {
        commands += batch.length;
        const { external, arrayBuffers } = process.memoryUsage();
        peak = Math.max(peak, external + arrayBuffers - before.external - before.arrayBuffers);
      }
      expect(commands).toBe(900_000);
      expect(peak).toBeLessThan(32 * 1024 * 1024);
    }
  });

  it('closes the file when the loop is left, when it ends and when it fails', async () => {
    const path = folder.write('a.gcode', 'G1 X1\n'.repeat(50_000));
    const packed = folder.write('a.gz', gzipSync('G1 X1\n'.repeat(50_000)));
    const before = openFiles();
    for (const file of [path, packed]) {
      for await (const batch of openGcode(file)) if (batch.length > 0) break;
      await read(file);
    }
    await expect(read(folder.write('bad.gcode', 'G1\0'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    expect(openFiles()).toBe(before);
  });

  it('ends with the reason of its signal', async () => {
    const path = folder.write('a.gcode', 'G1 X1\n'.repeat(100_000));
    const abort = new AbortController();
    const reason = new Error('cancelled');
    const reading = (async () => {
      for await (const batch of openGcode(path, { signal: abort.signal })) if (batch.length > 0) abort.abort(reason);
    })();
    await expect(reading).rejects.toBe(reason);
    await expect(read(path, { signal: abort.signal })).rejects.toBe(reason);
  });

  it.each([
    ['GCDE\x01\0\0\0', 'binary G-code'],
    ['PK\x03\x04rest', 'zip archive'],
    ['solid cube', 'STL'],
    ['\xff\xfeG\0', 'UTF-16'],
    ['G28\nG1 X1\0\0\0\n', 'line 2: NUL bytes'],
    ['G28\n\nN1 G1 X1*3\n', 'line 3: the checksum'],
    [`;${'x'.repeat(1_100_000)}`, 'longer than'],
  ])('refuses what it cannot send: %j', async (content, why) => {
    const path = folder.write('a.gcode', Buffer.from(content.slice(0, 2_000_000), 'latin1'));
    await expect(read(path)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    await expect(read(path)).rejects.toThrow(why);
  });

  it('refuses a folder, a missing file, a loop of links', async () => {
    await expect(read(folder.path())).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    await expect(read(join(folder.path(), 'none.gcode'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    symlinkSync('loop', join(folder.path(), 'loop'));
    await expect(read(join(folder.path(), 'loop'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  it('finds a gzip file without its end, and one that is damaged', async () => {
    const packed = gzipSync(Array.from({ length: 20_000 }, (_, n) => `G1 X${n * 7919}\n`).join(''));
    const path = folder.write('a.gz', packed);
    truncateSync(path, packed.length - 100);
    await expect(read(path)).rejects.toMatchObject({ code: 'FILE_CUT_SHORT' });
    packed.fill(0x55, 1000, 1100);
    await expect(read(folder.write('b.gz', packed))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});
