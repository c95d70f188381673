import { isErrorCode, errorEntry } from '../errors/error-table.js';
import type { JobError, QueuedJob } from '../queue/queued-job.js';
import { isCancelled, jobStateText, jobWhat, paintJobState } from './job-text.js';
import { type PrintMeta, printMetaOf } from './print-meta.js';
import { temperatureText } from './print-progress.js';
import type { Colours } from './terminal/colour.js';
import { factsText } from './terminal/facts-text.js';
import { clockText, durationText, localTime, relativeTime } from './terminal/times.js';

/** Everything about one job that a person may want to know. */
export const jobDetails = (job: QueuedJob, colours: Colours, nowMs = Date.now()): string => {
  const print = printMetaOf(job);
  const facts = [
    ['job', job.id],
    ['state', paintJobState(colours, job, jobStateText(job))],
    ['what', jobWhat(job) === job.func ? job.func : `${jobWhat(job)} (${job.func})`],
    ['queue', job.queue],
    ['printer', print.printer ?? textOf(job.kwargs['printer'])],
    ['worker', job.state === 'running' ? (job.takenBy ?? undefined) : undefined],
    ['runs', `${job.attempts} of ${job.maxAttempts}`],
    ['priority', job.priority === 0 ? undefined : String(job.priority)],
    ['unique key', job.uniqueKey ?? undefined],
    ...times(job, nowMs),
    ...printFacts(job, print),
    ['arguments', argumentsText(job)],
  ] as const;
  return [factsText(facts, colours), ...job.errors.map((error) => errorLines(error, job, colours))].join('\n');
};

type Fact = readonly [string, string | undefined];

const times = (job: QueuedJob, nowMs: number): Fact[] => {
  const when = (time: Date | null): string | undefined =>
    time === null ? undefined : `${localTime(time)} (${relativeTime(time, nowMs)})`;
  const waits = job.state === 'pending' || job.state === 'retrying';
  return [
    ['pushed', when(job.createdAt)],
    ['due', waits && job.scheduledAt.getTime() > nowMs ? when(job.scheduledAt) : undefined],
    ['started', when(job.startedAt)],
    ['ended', when(job.completedAt)],
    ['took', took(job)],
  ];
};

const took = ({ startedAt, completedAt, state }: QueuedJob): string | undefined =>
  startedAt === null || completedAt === null || (state !== 'succeeded' && state !== 'failed')
    ? undefined
    : durationText(completedAt.getTime() - startedAt.getTime());

const printFacts = ({ state }: QueuedJob, print: PrintMeta): Fact[] => {
  const { phase, percent, line, lines, layer, layers, z, etaMs, sent, acknowledged, resent, oksLost } = print;
  const isRunning = state === 'running';
  const of = (value: number | undefined, all: number | undefined): string | undefined =>
    value === undefined ? undefined : all === undefined ? String(value) : `${value} of ${all}`;
  return [
    ['phase', phase],
    ['progress', percent === undefined ? undefined : `${Math.floor(percent)} %`],
    ['left', isRunning && etaMs !== undefined ? clockText(etaMs) : undefined],
    ['layer', of(layer, layers)],
    ['line', of(line, lines)],
    ['height', z === undefined ? undefined : `${z} mm`],
    ['temperatures', isRunning ? temperatureText(print.temperatures) : undefined],
    [
      'lines sent',
      sent === undefined
        ? undefined
        : `${sent}, ${acknowledged ?? 0} acknowledged, ${resent ?? 0} sent again, ${oksLost ?? 0} oks lost`,
    ],
  ];
};

const longestArguments = 300;

const argumentsText = ({ kwargs }: QueuedJob): string | undefined => {
  const text = JSON.stringify(kwargs);
  if (text === '{}') return undefined;
  return text.length > longestArguments ? `${text.slice(0, longestArguments)}…` : text;
};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The message with its remedy; of an error that has no code, the last lines of its traceback. */
const errorLines = ({ attempt, code, message, traceback }: JobError, job: QueuedJob, colours: Colours): string => {
  const { red, cyan, dim, bold } = colours;
  const head = isCancelled(job) ? dim(`run ${attempt + 1}:`) : red(`run ${attempt + 1}:`);
  if (code !== undefined && isErrorCode(code)) {
    const words = (message ?? traceback).replace(`${code}: `, '');
    return `\n${head} ${bold(code)} ${words}\n${cyan('→')} ${errorEntry(code).remedy}`;
  }
  const lines = traceback.trimEnd().split('\n');
  return `\n${head} ${lines.slice(-12).join('\n  ')}`;
};
