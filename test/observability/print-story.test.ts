import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseDevices } from '../../src/devices/load-devices.js';
import { EventBus } from '../../src/events/event-bus.js';
import { Gateway } from '../../src/gateway/gateway.js';
import { logEvents } from '../../src/observability/log-events.js';
import { createLogger } from '../../src/observability/logger.js';
import { Job } from '../../src/queue/job.js';
import { createTestDatabase } from '../support/database.js';
import { CollectedLines } from './collected-lines.js';

const gcode = [
  'M140 S60',
  'M104 S210',
  'G28',
  'M190 S60',
  'M109 S210',
  'M83',
  ...Array.from({ length: 5 }, (_, layer) => [
    ';LAYER_CHANGE',
    `G1 Z${(0.2 * (layer + 1)).toFixed(1)} F3000`,
    ...Array.from({ length: 40 }, (_, index) => `G1 X${50 + index} Y${50 + (index % 7)} E0.05`),
  ]).flat(),
  'M104 S0',
  'M140 S0',
].join('\n');

describe("a print's life", () => {
  it('can be read from the log alone, in order and with numbers', async () => {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const folder = await mkdtemp(join(tmpdir(), 'spoolgate-story-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const devices = parseDevices(
      JSON.stringify({ gateway: { name: 'pi' }, printers: [{ id: 'sim', simulated: { speed: 10_000 } }] }),
      join(folder, 'devices.json'),
    );
    const events = new EventBus();
    const destination = new CollectedLines();
    const off = logEvents(events, createLogger({ env: {}, destination }), { gateway: 'pi' });
    const gateway = new Gateway({ databaseUrl: database.url, devices, events });
    onTestFinished(() => gateway.stop());
    await gateway.start();
    const job = await gateway.chancy.push(new Job({ func: 'gcode.print', queue: 'printers', kwargs: { gcode } }));
    expect(await gateway.chancy.waitForJob(job)).toMatchObject({ state: 'succeeded' });
    await gateway.stop();
    off();

    const ofPrinter = destination.lines.filter(({ printer }) => printer === 'sim').map(({ msg }) => msg);
    expect(ofPrinter.slice(0, 2)).toEqual([
      expect.stringMatching(/^connecting to \/.+ at 115200 baud$/),
      expect.stringMatching(/^connected to Marlin .* in [\d.]+ m?s/),
    ]);
    const story = destination.lines.filter((line) => line['job'] === job.identifier);
    expect(story.map(({ msg }) => msg)).toEqual([
      expect.stringMatching(/^claimed gcode\.print, attempt 1, after it was due for \d/),
      expect.stringMatching(/^printing .*inline\.gcode, \d+ bytes, 213 commands$/),
      'heating the bed to 60 °C',
      'heating the hotend to 210 °C',
      'heating the bed to 60 °C',
      'heating the hotend to 210 °C',
      expect.stringMatching(/^first layer at line 8, [\d.]+ m?s after the start$/),
      ...[10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((percent) =>
        expect.stringMatching(new RegExp(`^${percent} %, line \\d+ of 218, layer \\d`)),
      ),
      expect.stringMatching(
        /^finished in .*: 213 lines sent, 213 acknowledged, 0 sent again on 0 requests, 0 oks lost$/,
      ),
      expect.stringMatching(/^succeeded after [\d.]+ m?s$/),
    ]);
    for (const line of story) expect(line).toMatchObject({ gateway: 'pi', queue: 'printers', attempt: 1 });
    const times = destination.lines.map(({ time }) => String(time));
    expect(times).toEqual([...times].sort());
  });
});
