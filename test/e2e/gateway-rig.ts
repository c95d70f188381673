import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDevices } from '../../src/devices/load-devices.js';
import { EventBus } from '../../src/events/event-bus.js';
import { Gateway } from '../../src/gateway/gateway.js';

export interface GatewayRig {
  readonly gateway: Gateway;
  readonly spoolDir: string;
  stop(): Promise<void>;
}

/** A started gateway with simulated printers and a spool folder of its own. */
export const startGateway = async (options: {
  readonly databaseUrl: string;
  readonly name: string;
  readonly printers: readonly string[];
  readonly speed?: number;
}): Promise<GatewayRig> => {
  const folder = await mkdtemp(join(tmpdir(), 'spoolgate-rig-'));
  const spoolDir = join(folder, 'spool');
  await mkdir(spoolDir);
  const { speed = 10_000 } = options;
  const printers = options.printers.map((id) => ({ id, simulated: { speed } }));
  const devices = parseDevices(
    JSON.stringify({ gateway: { name: options.name }, spool_dir: spoolDir, printers }),
    join(folder, 'devices.json'),
  );
  const gateway = new Gateway({ databaseUrl: options.databaseUrl, devices, events: new EventBus() });
  await gateway.start();
  await untilReady(gateway);
  return {
    gateway,
    spoolDir,
    stop: async () => {
      await gateway.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** The gateway starts before its printers have answered. */
const untilReady = (gateway: Gateway): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (gateway.fleet.ready.length < gateway.fleet.printers.length) return;
      off();
      resolve();
    };
    const off = gateway.fleet.onChange(look);
    look();
  });

/** A short print that can be told from all others: warms up a little, extrudes a few hundred short lines. */
export const shortPrint = (label: string, moves = 200): string =>
  [
    'G21',
    'G90',
    'M83',
    'G28',
    'M104 S200',
    'M109 S200',
    `M117 ${label}`,
    ';LAYER_CHANGE',
    ...Array.from({ length: moves }, (_, index) => `G1 X${50 + (index % 40)} Y${50 + (index % 30)} E0.05 F3000`),
    'M104 S0',
    'M84',
  ].join('\n');
