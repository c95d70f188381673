import { describe, expect, it, onTestFinished } from 'vitest';
import type { Chancy } from '../../src/queue/chancy.js';
import { Job } from '../../src/queue/job.js';
import { Plugin, type PushOutcome } from '../../src/queue/plugin.js';
import { withApp } from './support/app.js';

class Stamping extends Plugin {
  readonly identifier: string = 'test.stamping';
  readonly told: [Job, PushOutcome][] = [];

  override onJobPushing(job: Job): Job {
    return job.withMeta({ ...job.meta, stamp: job.func });
  }

  override onJobPushed(job: Job, outcome: PushOutcome): void {
    this.told.push([job, outcome]);
  }

  /** What was told, in short. */
  get ends(): unknown[] {
    return this.told.map(([job, outcome]) => [
      job.meta['stamp'],
      'reference' in outcome ? outcome.reference.identifier : (outcome.error as Error).message,
    ]);
  }
}

class Faulty extends Plugin {
  readonly identifier = 'test.faulty';
  override onJobPushing(job: Job): Job {
    if (job.func === 'none') return undefined as never;
    throw new Error('no stamp');
  }
  override onJobPushed(): void {
    throw new Error('no word');
  }
}

const warnings = (): string[] => {
  const heard: string[] = [];
  const hear = ({ name, message }: Error): void => {
    if (name === 'SpoolgateWarning') heard.push(message);
  };
  process.on('warning', hear);
  onTestFinished(() => void process.off('warning', hear));
  return heard;
};

/** Warnings are emitted in a later turn. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('hooks of a push', () => {
  const fixture = withApp();
  const app = (...plugins: Plugin[]): Chancy => fixture.another({ plugins });
  const job = (func: string): Job => new Job({ func });
  const stamps = async (chancy: Chancy, references: readonly { identifier: string }[]): Promise<unknown[]> =>
    (await chancy.getJobs(references.map(({ identifier }) => identifier))).map(({ meta }) => meta['stamp']);

  it('change the job that is stored, one by one and in bulk, and hear what became of it', async () => {
    const plugin = new Stamping();
    const chancy = app(plugin);
    const one = await chancy.push(job('one'));
    const many = await chancy.pushMany([job('two'), { func: 'three' } as Job]);
    expect(await stamps(chancy, [one, ...many])).toEqual(['one', 'two', 'three']);
    expect(plugin.ends).toEqual([
      ['one', one.identifier],
      ['two', many[0]!.identifier],
      ['three', many[1]!.identifier],
    ]);
  });

  it('hear of each batch of many', async () => {
    const plugin = new Stamping();
    const references = await app(plugin).pushMany(Array.from({ length: 1001 }, (_, n) => job(`f${n}`)));
    expect(plugin.ends).toEqual(references.map(({ identifier }, n) => [`f${n}`, identifier]));
  });

  it('hear of a job that was there already', async () => {
    const plugin = new Stamping();
    const chancy = app(plugin);
    const first = await chancy.push(job('a').withUniqueKey('k'));
    await chancy.push(job('b').withUniqueKey('k'));
    expect(plugin.ends.at(-1)).toEqual(['b', first.identifier]);
  });

  it('follow one another in the order of the plugins', async () => {
    class Later extends Stamping {
      override readonly identifier = 'test.later';
      override onJobPushing(given: Job): Job {
        return given.withMeta({ stamp: [given.meta['stamp'] ?? null, 'later'] });
      }
    }
    const chancy = app(new Stamping(), new Later());
    expect(await stamps(chancy, [await chancy.push(job('a'))])).toEqual([['a', 'later']]);
  });

  it('hear why nothing was stored', async () => {
    const plugin = new Stamping();
    const chancy = app(plugin);
    await chancy.database.query({ text: 'ALTER TABLE chancy_jobs ADD CONSTRAINT no_bad CHECK (func <> $$bad$$)' }, []);
    await expect(chancy.push(job('bad'))).rejects.toThrow('no_bad');
    await expect(chancy.pushMany([job('good'), job('bad')])).rejects.toThrow('no_bad');
    expect(plugin.ends).toEqual([
      ['bad', expect.stringContaining('no_bad')],
      ['good', expect.stringContaining('no_bad')],
      ['bad', expect.stringContaining('no_bad')],
    ]);
    await expect(
      chancy.pushMany(
        (function* () {
          yield job('first');
          throw new Error('the input ended');
        })(),
      ),
    ).rejects.toThrow('the input ended');
    expect(plugin.ends.at(-1)).toEqual(['first', 'the input ended']);
  });

  it('leave a job as it is when they throw or give back no job, and say so once', async () => {
    const heard = warnings();
    const stamping = new Stamping();
    const chancy = app(new Faulty(), stamping);
    const references = await chancy.pushMany([job('a'), job('none')]);
    expect(await stamps(chancy, references)).toEqual(['a', 'none']);
    await chancy.push(job('b'));
    await turn();
    expect(heard).toEqual([
      'onJobPushing of the plugin test.faulty failed and was passed over: no stamp',
      'onJobPushed of the plugin test.faulty failed and was passed over: no word',
    ]);
    expect(stamping.ends).toHaveLength(3);
  });

  it('are not needed', async () => {
    class Silent extends Plugin {
      readonly identifier = 'test.silent';
    }
    const chancy = app(new Silent());
    expect(await stamps(chancy, [await chancy.push(job('a'))])).toEqual([undefined]);
    await expect(chancy.push({ func: '' } as Job)).rejects.toThrow(/^JOB_INVALID/);
  });
});
