import { chmod, cp, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import { type EventName, EventBus } from '../../src/events/event-bus.js';
import { EmbeddedPostgres, type EmbeddedPostgresOptions } from '../../src/postgres/embedded-postgres.js';
import { findBinaries } from '../../src/postgres/find-binaries.js';
import type { PostgresBinaries } from '../../src/postgres/postgres-binaries.js';
import { endAtOnce } from './postgres-run-directory.js';

/** What this machine has: the system's Postgres, npm's, or both. */
export const availableBinaries: readonly PostgresBinaries[] = await findBinaries();

/** A temporary folder that lets everybody through; removed at the test's end. */
export const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'spoolgate-pg-'));
  await chmod(folder, 0o755);
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }));
  return folder;
};

/** A data directory that is yet to be made; at the test's end whatever still runs on it is ended. */
export const temporaryDataDir = async (name = 'data'): Promise<string> => {
  const dataDir = join(await temporaryFolder(), name);
  onTestFinished(() => endAtOnce(dataDir));
  return dataDir;
};

let template: Promise<string> | undefined;

/** A data directory with a cluster that has been made and stopped: quicker than initdb for tests that are not about it. */
export const preparedDataDir = async (): Promise<string> => {
  template ??= makeTemplate();
  const dataDir = await temporaryDataDir();
  await cp(await template, dataDir, { recursive: true });
  return dataDir;
};

const makeTemplate = async (): Promise<string> => {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'spoolgate-pg-template-'));
  const postgres = new EmbeddedPostgres({ dataDir: folder });
  await postgres.start();
  await postgres.stop();
  return folder;
};

afterAll(async () => {
  if (template) await rm(await template, { recursive: true, force: true });
});

export interface Recorder {
  readonly events: EventBus;
  /** Names so far, in order. */
  readonly names: () => EventName[];
  readonly fields: (name: EventName) => Record<string, unknown> | undefined;
  /** Resolves when the event comes. */
  readonly upcoming: (name: EventName) => Promise<void>;
}

export const recordEvents = (): Recorder => {
  const events = new EventBus();
  const heard: { name: EventName; fields: unknown }[] = [];
  events.onAny((name, fields) => heard.push({ name, fields }));
  return {
    events,
    names: () => heard.map(({ name }) => name),
    fields: (name) => heard.findLast((one) => one.name === name)?.fields as Record<string, unknown> | undefined,
    upcoming: (name) =>
      new Promise((resolve) => {
        const forget = events.on(name, () => {
          forget();
          resolve();
        });
      }),
  };
};

/** Started, and stopped at the test's end. */
export const startedPostgres = async (options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> => {
  const postgres = new EmbeddedPostgres(options);
  onTestFinished(() => postgres.stop());
  await postgres.start();
  return postgres;
};
