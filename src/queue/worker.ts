import { SpoolgateError } from '../errors/spoolgate-error.js';
import type { EventBus } from '../events/event-bus.js';
import { Service } from '../lifecycle/service.js';
import type { Chancy } from './chancy.js';
import { Hub } from './hub.js';
import type { Notification } from './notification.js';
import { type ReleasedRow, requeueLeftJobs } from './sql/release-jobs.js';
import { atMost } from './worker/at-most.js';
import { Heartbeat } from './worker/heartbeat.js';
import { NotificationListener } from './worker/notification-listener.js';
import { OwnershipWatch } from './worker/ownership-watch.js';
import { PluginHooks } from './worker/plugin-hooks.js';
import { runPlugins } from './worker/plugin-runner.js';
import { QueueManager } from './worker/queue-manager.js';
import { ResultWriter } from './worker/result-writer.js';
import { RunningJobs } from './worker/running-jobs.js';
import { type SignalSource, stopOnSignals } from './worker/signals.js';
import { workerTags } from './worker/tags.js';
import { WatchedDatabase } from './worker/watched-database.js';
import type { WorkerContext } from './worker/worker-context.js';
import { WorkerEvents } from './worker/worker-events.js';
import { type WorkerOptions, workerOptions } from './worker/worker-options.js';

export type { WorkerOptions } from './worker/worker-options.js';

/** The last words to a database that may be away are given up after this, ms. */
const farewellMs = 5000;

/**
 * Runs jobs: claims those of the queues that its tags fit and whose executor the app has, hands them to the executors, and stores what
 * became of them. Shares the tables with any number of other workers, Python's among them.
 *
 * Once started it outlives the database: running jobs go on, their results are kept until they are stored. `stop` claims no more, waits
 * for what runs, and resolves when every result is stored, however long the database stays away; `forceStop` ends that wait.
 */
export class Worker extends Service {
  readonly workerId: string;
  readonly tags: readonly string[];
  /** What happens on this worker, and every notification of the database. */
  readonly hub = new Hub();
  readonly events: EventBus;
  readonly #chancy: Chancy;
  readonly #options: ReturnType<typeof workerOptions>;
  readonly #workerEvents: WorkerEvents;
  readonly #context: WorkerContext;
  readonly #queues: QueueManager;
  readonly #heartbeat: Heartbeat;
  readonly #ownership: OwnershipWatch;
  readonly #listener: NotificationListener | undefined;
  readonly #forced = new AbortController();
  readonly #pluginsEnded = new AbortController();
  #plugins: Promise<void> = Promise.resolve();
  #isStarted = false;

  /** Connects to nothing yet. Throws `APP_INVALID`, naming the option. */
  constructor(chancy: Chancy, options: WorkerOptions = {}) {
    super();
    this.#chancy = chancy;
    this.#options = workerOptions(options);
    this.workerId = this.#options.workerId;
    this.events = this.#options.events;
    this.tags = workerTags(this.workerId, this.#options.tags);
    this.#workerEvents = new WorkerEvents(this.workerId, this.events, this.hub);
    this.#context = this.#newContext();
    this.#queues = new QueueManager(this.#context, { chancy, tags: this.tags, pollMs: this.#options.queuePollMs });
    this.#heartbeat = new Heartbeat(this.#context, {
      tags: this.tags,
      intervalMs: this.#options.heartbeatIntervalMs,
      timeoutMs: this.#options.heartbeatTimeoutMs,
      queues: () => this.#queues.names(),
    });
    this.#ownership = new OwnershipWatch(this.#context, {
      intervalMs: this.#options.ownershipPollMs,
      onUnknown: (queue) => this.#queues.checkUnknown(queue),
    });
    this.#listener = chancy.notifications ? this.#newListener() : undefined;
    this.#context.database.onBack(() => this.#lookAround());
  }

  #newContext(): WorkerContext {
    const { tables, database: source, notifications, plugins } = this.#chancy;
    const { workerId, hub, tags } = this;
    const events = this.#workerEvents;
    const database = new WatchedDatabase(source, events);
    return {
      workerId,
      tables,
      database,
      events,
      results: new ResultWriter({ workerId, tables, database, events }),
      running: new RunningJobs(),
      hooks: new PluginHooks(plugins, { workerId, tags, hub, events: this.events }, events),
      channel: notifications ? tables.channel : null,
      forced: this.#forced.signal,
    };
  }

  #newListener(): NotificationListener {
    const { probeIntervalMs, probeTimeoutMs } = this.#options;
    return new NotificationListener(this.#context, {
      source: this.#chancy.database,
      channel: this.#chancy.tables.channel,
      probeIntervalMs,
      probeTimeoutMs,
      onNotification: (notification) => this.#heard(notification),
      onListening: () => this.#lookAround(),
    });
  }

  /** Notifications may have been missed, and claims or rows lost: look at everything. */
  #lookAround(): void {
    this.#heartbeat.beatSoon();
    this.#ownership.checkAfterLoss();
    this.#queues.refresh();
    this.#queues.wake();
  }

  #heard({ event, body }: Notification): void {
    if (event === 'queue.pushed') this.#queues.wake(String(body['q']));
    else if (event === 'job.cancelled') this.#ownership.check();
    else if (queueEvents.has(event)) this.#queues.refresh();
    this.hub.emit(event, body);
  }

  /**
   * Stops gracefully on the first SIGTERM or SIGINT and at once on the second, until the returned function is called. The process is not
   * ended: it ends by itself when nothing else keeps it.
   */
  handleSignals(source: SignalSource = process): () => void {
    return stopOnSignals(this, source);
  }

  /**
   * Stops without waiting for running jobs, which are left to recovery. Results that are there are still stored if the database takes them
   * within seconds.
   */
  forceStop(): Promise<void> {
    this.#forced.abort();
    return this.stop();
  }

  protected async onStart(): Promise<void> {
    const { tags } = this;
    try {
      if (!(await this.#chancy.isUpToDate())) throw new SpoolgateError('MIGRATIONS_NEEDED');
      await this.#requeueLeftJobs();
      await this.#heartbeat.beat();
      for (const queue of this.#chancy.queues) await this.#chancy.declare(queue);
      await this.#listener?.start();
      await this.#queues.start();
      this.#heartbeat.start();
      this.#ownership.start();
      this.#plugins = runPlugins(this.#chancy, this, this.#workerEvents, this.#pluginsEnded.signal);
      this.#isStarted = true;
      this.#workerEvents.emit('worker.started', { tags });
    } catch (error) {
      this.#forced.abort();
      await this.#end();
      throw error;
    }
  }

  async #requeueLeftJobs(): Promise<void> {
    const { database, tables, workerId } = this.#context;
    const left = await database.query<ReleasedRow>(requeueLeftJobs(tables), [workerId]);
    if (left.length > 0) this.#workerEvents.emit('worker.jobs_requeued', { jobs: left.map(({ id }) => id) });
  }

  protected async onStop(): Promise<void> {
    if (!this.#isStarted) return;
    const { running } = this.#context;
    await this.#within(this.#options.shutdownTimeoutMs, this.#queues.endClaims());
    await this.#within(this.#options.shutdownTimeoutMs, running.untilEmpty());
    const late = running.all().filter(({ isOpen }) => isOpen);
    if (late.length > 0)
      this.#workerEvents.emit('worker.shutdown_timeout', { jobs: late.map(({ fetched }) => fetched.id) });
    await this.#end();
    this.#workerEvents.emit('worker.stopped', {});
  }

  async #end(): Promise<void> {
    const { running, results } = this.#context;
    const { cancelTimeoutMs } = this.#options;
    await this.#within(cancelTimeoutMs, this.#queues.endClaims());
    await this.#within(cancelTimeoutMs, this.#queues.stopExecutors());
    if (running.size > 0) {
      for (const run of running.all()) run.cancel();
      await this.#within(cancelTimeoutMs, running.untilEmpty());
    }
    await this.#within(Infinity, results.flush());
    await atMost(farewellMs, results.flush());
    results.abandon();
    const ended = running.all().filter(({ isOpen }) => !isOpen);
    await atMost(farewellMs, Promise.all(ended.map((run) => run.untilStored())));
    this.#pluginsEnded.abort();
    await atMost(farewellMs, Promise.all([this.#plugins, this.#ownership.stop(), this.#heartbeat.stop()]));
    await atMost(farewellMs, this.#heartbeat.remove());
    await atMost(farewellMs, this.#listener?.stop() ?? Promise.resolve());
  }

  /** Waits for something, but no longer than `ms`, and not at all once the worker is forced to end. */
  #within(ms: number, ended: Promise<unknown>): Promise<void> {
    return atMost(ms, ended, this.#forced.signal);
  }
}

const queueEvents = new Set(['queue.declared', 'queue.paused', 'queue.resumed', 'queue.deleted']);
