import type { ErrorTable } from '../error-entry.js';

/** Errors of the job queue, its workers and its function executor. */
export const queueErrors = {
  DATABASE_UNREACHABLE: {
    summary: 'The database cannot be reached',
    remedy: 'Check that Postgres runs and that the URL, user and password are right.',
    job: 'none',
  },
  DATABASE_REFUSED: {
    summary: 'The database refused this user',
    remedy: 'Check user, password and database name of the URL, and what the user may do there.',
    job: 'none',
  },
  MIGRATIONS_NEEDED: {
    summary: 'The database is older than this program',
    remedy: 'Run `spoolgate migrate` (or `await chancy.migrate()`) once.',
    job: 'none',
  },
  MIGRATION_IMPOSSIBLE: {
    summary: 'The database cannot be migrated to that version',
    remedy: 'Name a version that exists, or use the program that made the newer tables.',
    job: 'none',
  },
  JOB_INVALID: {
    summary: 'The job cannot be stored',
    remedy: 'Correct the field that is named.',
    job: 'none',
  },
  JOB_NOT_FOUND: {
    summary: 'There is no such job',
    remedy: 'Check the id; finished jobs are pruned after a while.',
    job: 'none',
  },
  APP_INVALID: {
    summary: 'The app cannot be set up',
    remedy: 'Correct the option that is named.',
    job: 'none',
  },
  JOB_UNREADABLE: {
    summary: "The job's row holds something that no Chancy writes",
    remedy: 'Correct or delete the row; the field is named.',
    job: 'none',
  },
  QUEUE_UNREADABLE: {
    summary: "The queue's row holds something that cannot be used",
    remedy: 'Declare the queue again with `upsert`, or delete the row; the field is named.',
    job: 'none',
  },
  QUEUE_NOT_FOUND: {
    summary: 'There is no such queue',
    remedy: 'Check the name; `spoolgate queues` lists the queues.',
    job: 'none',
  },
  WAIT_TIMEOUT: {
    summary: 'What was waited for did not happen in time',
    remedy: 'Wait longer, or check that a worker serves the queue.',
    job: 'none',
  },
  WORKFLOW_INVALID: {
    summary: 'The workflow cannot be stored',
    remedy: 'Correct the step that is named: ids are given once, dependencies name steps and lead in no circle.',
    job: 'none',
  },
  TRIGGER_INVALID: {
    summary: 'The trigger cannot be set on that table',
    remedy: 'Correct the field that is named.',
    job: 'none',
  },
  QUEUE_INVALID: {
    summary: 'The queue cannot be declared',
    remedy: 'Correct the field that is named.',
    job: 'none',
  },
  EXECUTOR_UNKNOWN: {
    summary: "The queue's executor is not one that this worker implements",
    remedy: 'Register the executor with the app, or declare the queue with one that is registered.',
    job: 'none',
  },
  RESULT_UNSTORABLE: {
    summary: 'The database refused the result of the run as it was, so only its end is stored',
    remedy:
      "Read Postgres's words; look at the job's meta and errors, and at constraints and triggers on the jobs table.",
    job: 'none',
  },
  RESULT_INVALID: {
    summary: 'The result that push() reported is none',
    remedy: 'Give pushJobUpdate a job whose state is succeeded, failed or retrying.',
    job: 'retry',
  },
  EXECUTOR_NO_RESULT: {
    summary: "The executor's push() ended without reporting a result",
    remedy: 'Await `this.queue.pushJobUpdate(...)` in push() on every path.',
    job: 'retry',
  },
  FUNCTION_UNKNOWN: {
    summary: "The job's function does not exist",
    remedy: 'Check `func`: a module inside an allowed root, a dot or `#`, and the name of an exported function.',
    job: 'retry',
  },
  FUNCTION_NOT_ALLOWED: {
    summary: "The job's function is outside the modules that this worker may run",
    remedy: "Add its folder to the executor's `roots`, or register the function by name.",
    job: 'retry',
  },
  MODULE_FAILED: {
    summary: "The module of the job's function could not be loaded",
    remedy: 'Read the cause that is quoted, correct the module, and restart the worker: a module is loaded once.',
    job: 'retry',
  },
  WORKER_STOPPING: {
    summary: 'The worker was stopped before the job ended',
    remedy: 'Nothing to do: the job waits for another worker.',
    job: 'retry',
  },
  JOB_TIME_LIMIT: {
    summary: 'The job ran longer than its time limit',
    remedy: 'Raise the limit, or make the function faster.',
    job: 'retry',
  },
  JOB_MEMORY_LIMIT: {
    summary: 'The job needed more memory than it may have',
    remedy: 'Raise its memory limit, or make the function need less at a time.',
    job: 'retry',
  },
  RUNNER_DIED: {
    summary: 'The thread or process that ran the job ended before the job did',
    remedy: 'Read how it ended; look for process.exit, uncaught errors and crashing native code in the function.',
    job: 'retry',
  },
  RUNNER_NOT_STARTED: {
    summary: 'No thread or process could be started for the job',
    remedy:
      'Read the cause; check execArgv and env of the executor, and the limits of the system on processes and memory.',
    job: 'retry',
  },
  JOB_CANCELLED: {
    summary: 'The job was cancelled while it ran',
    remedy: 'Nothing to do.',
    job: 'fail',
  },
  JOB_KILLED_WORKERS: {
    summary: 'The workers that ran the job died, as often as is allowed',
    remedy: "Look at the workers' logs and memory at that time; push the job again once the cause is mended.",
    job: 'fail',
  },
  JOB_INTERRUPTED: {
    summary: 'The worker died while the job ran, and such a job is not started again by itself',
    remedy: 'See what the job has done so far, and push it again if it should begin anew.',
    job: 'fail',
  },
  RULE_INVALID: {
    summary: 'The rule cannot be used',
    remedy: 'Correct the field that is named.',
    job: 'none',
  },
  CRON_INVALID: {
    summary: 'The cron entry cannot be stored',
    remedy: 'Correct what is named; minute, hour, day, month, weekday, and seconds as a sixth field at the end.',
    job: 'none',
  },
} as const satisfies ErrorTable;
