import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SpoolgateError } from '../../src/errors/spoolgate-error.js';
import type { Transport, TransportListener } from '../../src/transport/transport.js';

/** A transport and the printer at its other end. */
export interface TransportRig {
  /** A fresh transport to the printer, not open yet. */
  transport(): Transport;
  /** A transport to a printer that is not there. */
  absent(): Transport;
  /** Bytes from the printer. */
  send(bytes: Buffer): void;
  /** Resolves when the printer has received text that ends like this. */
  received(ending: string): Promise<string>;
  /** The link goes down from the printer's side. */
  hangUp(): Promise<void>;
  dispose(): Promise<void>;
}

export class Recorder implements TransportListener {
  readonly got: string[] = [];
  readonly losses: SpoolgateError[] = [];
  #wake: (() => void)[] = [];

  lines(lines: readonly string[]): void {
    this.got.push(...lines);
    this.#notify();
  }

  lost(error: SpoolgateError): void {
    this.losses.push(error);
    this.#notify();
  }

  /** Resolves once `condition` holds; asked again after each call. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition())
      await new Promise<void>((resolve) => {
        this.#wake.push(resolve);
      });
  }

  #notify(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

/** What every transport keeps, whatever moves its bytes; `exclusive`: two of them cannot have the port at once. */
export const describeTransport = (
  name: string,
  { exclusive }: { readonly exclusive: boolean },
  makeRig: () => Promise<TransportRig>,
): void => {
  describe(`transport contract: ${name}`, () => {
    let rig: TransportRig;
    let transport: Transport;
    let recorder: Recorder;

    beforeEach(async () => {
      rig = await makeRig();
      transport = rig.transport();
      recorder = new Recorder();
    });
    afterEach(async () => {
      await transport.close();
      await rig.dispose();
    });

    it('delivers lines without their ends, in order, byte for byte', async () => {
      await transport.open(recorder);
      rig.send(Buffer.from('start\r\necho: caf\xe9 \x80\xff\n\n\rok\rlast\n', 'latin1'));
      await recorder.until(() => recorder.got.length === 4);
      expect(recorder.got).toEqual(['start', 'echo: caf\xe9 \x80\xff', 'ok', 'last']);
    });

    it('joins a line that comes in pieces', async () => {
      await transport.open(recorder);
      rig.send(Buffer.from('ok T:20'));
      await nextTurn();
      rig.send(Buffer.from('.1 /0.0\no'));
      await recorder.until(() => recorder.got.length === 1);
      rig.send(Buffer.from('k\n'));
      await recorder.until(() => recorder.got.length === 2);
      expect(recorder.got).toEqual(['ok T:20.1 /0.0', 'ok']);
    });

    it('cuts noise without line ends into bounded pieces', async () => {
      await transport.open(recorder);
      const noise = Buffer.alloc(3000, 0xf8);
      for (let i = 0; i < 10; i += 1) {
        rig.send(noise);
        const sent = (i + 1) * noise.length;
        await recorder.until(() => recorder.got.join('').length >= sent - 4096);
      }
      rig.send(Buffer.from('\nok\n'));
      await recorder.until(() => recorder.got.at(-1) === 'ok');
      expect(Math.max(...recorder.got.map((line) => line.length))).toBe(4096);
      expect(recorder.got.slice(0, -1).join('')).toBe(noise.toString('latin1').repeat(10));
    });

    it('sends text in order', async () => {
      await transport.open(recorder);
      let expected = '';
      for (let n = 1; n <= 200; n += 1) {
        transport.write(`N${n} G1 X${n}*1\n`);
        expected += `N${n} G1 X${n}*1\n`;
      }
      expect(await rig.received('N200 G1 X200*1\n')).toBe(expected);
    });

    it('lets what was written leave before it closes', async () => {
      await transport.open(recorder);
      transport.write('M104 S0\n');
      await transport.close();
      expect(await rig.received('M104 S0\n')).toBe('M104 S0\n');
    });

    it('tells a hang-up once, as LINK_LOST, after the line that was under way', async () => {
      await transport.open(recorder);
      rig.send(Buffer.from('ok\nok T:2'));
      await recorder.until(() => recorder.got.length === 1);
      await rig.hangUp();
      await recorder.until(() => recorder.losses.length > 0);
      expect(recorder.losses).toHaveLength(1);
      expect(recorder.losses[0]).toMatchObject({ code: 'LINK_LOST' });
      expect(recorder.losses[0]?.message).toContain(transport.description);
      expect(recorder.got).toEqual(['ok', 'ok T:2']);
      transport.write('M105\n');
      await transport.close();
      expect(recorder.losses).toHaveLength(1);
    });

    it('finds out by a write as well', async () => {
      await transport.open(recorder);
      await Promise.all([
        rig.hangUp(),
        (async () => {
          while (recorder.losses.length === 0) {
            transport.write('M105\n');
            await nextTurn();
          }
        })(),
      ]);
      expect(recorder.losses.map(({ code }) => code)).toEqual(['LINK_LOST']);
    });

    it('is silent after close, and closes as often as one likes', async () => {
      await transport.open(recorder);
      await Promise.all([transport.close(), transport.close()]);
      transport.write('M105\n');
      await rig.hangUp();
      await transport.close();
      await nextTurn();
      expect(recorder.losses).toEqual([]);
    });

    it('lets go of the port: at close, and when it is lost', async () => {
      await transport.open(recorder);
      await transport.close();
      const second = rig.transport();
      await second.open(new Recorder());
      await second.close();
    });

    it('closes before it was opened', async () => {
      await transport.close();
      await expect(transport.open(recorder)).rejects.toMatchObject({ code: 'PORT_FAILED' });
    });

    it('closes while it is being opened', async () => {
      const opening = transport.open(recorder);
      const outcome = expect(opening).rejects.toMatchObject({ code: 'PORT_FAILED' });
      await transport.close();
      await outcome;
      const second = rig.transport();
      await second.open(new Recorder());
      await second.close();
    });

    it('opens once', async () => {
      await transport.open(recorder);
      await expect(transport.open(recorder)).rejects.toMatchObject({ code: 'PORT_FAILED' });
    });

    it('says that a port is not there', async () => {
      const absent = rig.absent();
      await expect(absent.open(recorder)).rejects.toMatchObject({ code: 'PORT_NOT_FOUND' });
      absent.write('M105\n');
      await absent.close();
      expect(recorder.losses).toEqual([]);
    });

    if (!exclusive) return;
    it('refuses a port that is held, and leaves its holder alone', async () => {
      await transport.open(recorder);
      const second = rig.transport();
      await expect(second.open(new Recorder())).rejects.toMatchObject({ code: 'PORT_BUSY' });
      await second.close();
      rig.send(Buffer.from('still here\n'));
      await recorder.until(() => recorder.got.includes('still here'));
    });
  });
};
