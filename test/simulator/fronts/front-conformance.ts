import { afterEach, describe, expect, it } from 'vitest';
import { FrontLog, type FrontRig, whenText } from './front-rig.js';

/** What every front must do; run over each of them. */
export const describeFront = (name: string, makeRig: () => FrontRig): void => {
  describe(`${name} as a simulator's front`, () => {
    let ends: (() => Promise<void>)[] = [];
    const started = async (): Promise<FrontRig & { log: FrontLog }> => {
      const rig = makeRig();
      const log = new FrontLog();
      await rig.front.start(log);
      ends.push(() => rig.front.stop());
      return { ...rig, log };
    };

    afterEach(async () => {
      for (const end of ends) await end();
      ends = [];
    });

    it('tells of opening and carries bytes both ways as they are', async () => {
      const { front, open, log } = await started();
      const host = await open();
      await log.until(() => log.opened === 1);
      await host.send('N1 M105*38\n\r\x03\x11\x13\xff\x00\n');
      await log.until(() => log.data.length >= 18);
      expect(log.data).toBe('N1 M105*38\n\r\x03\x11\x13\xff\x00\n');
      front.write(Buffer.from('ok\r\n\xff\x80\x04end', 'latin1'));
      await whenText(host, 'end');
      expect(host.received).toBe('ok\r\n\xff\x80\x04end');
      await host.close();
    });

    it('tells of closing and of opening again', async () => {
      const { open, log } = await started();
      for (let round = 1; round <= 3; round++) {
        const host = await open();
        await log.until(() => log.opened === round);
        await host.send(`round ${round}\n`);
        await log.until(() => log.data.endsWith(`round ${round}\n`));
        await host.close();
        await log.until(() => log.closed === round);
      }
      expect(log.opened).toBe(3);
    });

    it('hangs up its host when unplugged, refuses others, and is back under the same path', async () => {
      const { front, open, log } = await started();
      const { path } = front;
      const host = await open();
      await log.until(() => log.opened === 1);
      await front.unplug();
      await host.hungUp;
      expect(log.closed).toBe(1);
      await expect(open()).rejects.toThrow();
      await front.plugIn();
      expect(front.path).toBe(path);
      const again = await open();
      await log.until(() => log.opened === 2);
      await again.send('back\n');
      await log.until(() => log.data.endsWith('back\n'));
      await again.close();
    });

    it('loses what it writes while no host is there', async () => {
      const { front, open, log } = await started();
      front.write(Buffer.from('nobody hears this'));
      const host = await open();
      await log.until(() => log.opened === 1);
      front.write(Buffer.from('but this'));
      await whenText(host, 'but this');
      expect(host.received).toBe('but this');
      await host.close();
    });

    it('stops and unplugs as often as one likes', async () => {
      const { front, open } = await started();
      await front.unplug();
      await front.unplug();
      await front.plugIn();
      await front.plugIn();
      await front.stop();
      await front.stop();
      await expect(open()).rejects.toThrow();
    });

    it('hangs up its host when stopped', async () => {
      const { front, open, log } = await started();
      const host = await open();
      await log.until(() => log.opened === 1);
      await front.stop();
      await host.hungUp;
      expect(log.closed).toBe(1);
    });
  });
};
