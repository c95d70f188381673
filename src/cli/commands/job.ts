import type { Command } from 'commander';
import { z } from 'zod';
import { SpoolgateError } from '../../errors/spoolgate-error.js';
import { action } from '../action.js';
import { describeCommand } from '../describe-command.js';
import { followJobs } from '../follow-jobs.js';
import { jobDetails } from '../job-details.js';
import { resolveJobId } from '../job-ids.js';
import { parseOptions } from '../parse-options.js';
import { withDatabase } from '../with-database.js';

const schema = z.object({ watch: z.boolean().default(false) });

/** `spoolgate job`. */
export const addJob = (program: Command): void => {
  describeCommand(program.command('job'), {
    summary: 'show one job, or follow it',
    explanation: `Shows everything about one job: its state, times, how far its print is, its errors and what to do about them. --watch \
follows it to its end, and the exit code is then that of the job: 0 if it succeeded, 1 if not. Ctrl-C ends the watching, not the job.`,
    examples: [
      ['spoolgate job 0643e1c2', 'A job by the ID that `spoolgate jobs` shows.'],
      ['spoolgate job 0643e1c2 --watch', 'Its progress until it has ended.'],
      ['spoolgate job 0643e1c2 --json | jq .meta.print', 'The print’s own figures.'],
    ],
    exits: [1, 3, 4],
  })
    .argument('<id>', 'id of the job, or its beginning')
    .option('-w, --watch', 'follow the job until it has ended')
    .action(
      action(async (cli, { args: [written = ''], options }) => {
        const { watch } = parseOptions(schema, options);
        const job = await withDatabase(cli, async (chancy) => {
          const id = await resolveJobId(chancy, written);
          if (watch) await followJobs(cli, chancy, [id]);
          return chancy.getJob(id);
        });
        if (job === null) throw new SpoolgateError('JOB_NOT_FOUND', { detail: written });
        cli.result(job, () => jobDetails(job, cli.colours));
        return watch && job.state !== 'succeeded' ? 1 : 0;
      }),
    );
};
