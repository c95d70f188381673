import type { Command } from 'commander';
import { action } from '../action.js';
import { describeCommand } from '../describe-command.js';
import { resolveJobId } from '../job-ids.js';
import { withDatabase } from '../with-database.js';

interface Cancelled {
  readonly id: string;
  /** False: the job had ended already. */
  readonly cancelled: boolean;
}

/** `spoolgate cancel`. */
export const addCancel = (program: Command): void => {
  describeCommand(program.command('cancel'), {
    summary: 'cancel jobs',
    explanation: `Cancels jobs that have not ended. A job that waits never runs; a print that runs is ended by its gateway within \
moments: heaters off, head up and parked. A job that has ended stays as it is, and the exit code is 1.`,
    examples: [
      ['spoolgate cancel 0643e1c2', 'One job, by the ID that `spoolgate jobs` shows.'],
      ['spoolgate cancel 0643e1c2 0643e1f9', 'Two of them.'],
    ],
    exits: [1, 3, 4],
  })
    .argument('<id...>', 'ids of jobs, or their beginnings')
    .action(
      action(async (cli, { args }) => {
        const results = await withDatabase(cli, async (chancy) => {
          // All are looked up before any is cancelled: a slip in the last one must not cost the first.
          const ids: string[] = [];
          for (const written of args) ids.push(await resolveJobId(chancy, written));
          const done: Cancelled[] = [];
          for (const id of new Set(ids)) done.push({ id, cancelled: await chancy.cancelJob(id) });
          return done;
        });
        const { yellow, green } = cli.colours;
        cli.result(results, () =>
          results
            .map(({ id, cancelled }) => `${id}  ${cancelled ? green('cancelled') : yellow('had ended already')}`)
            .join('\n'),
        );
        return results.every(({ cancelled }) => cancelled) ? 0 : 1;
      }),
    );
};
