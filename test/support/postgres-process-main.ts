import { EventBus } from '../../src/events/event-bus.js';
import { EmbeddedPostgres, type EmbeddedPostgresOptions } from '../../src/postgres/embedded-postgres.js';

// Started by postgres-process.ts; ends when its standard input does.

const say = (event: string, fields: unknown): void => {
  process.stdout.write(`${JSON.stringify({ event, fields })}\n`);
};

const options = JSON.parse(process.argv[2] ?? '') as EmbeddedPostgresOptions;
const events = new EventBus();
events.onAny(say);
const postgres = new EmbeddedPostgres({ ...options, events });
try {
  await postgres.start();
  say('ready', { pid: postgres.pid, isAdopted: postgres.isAdopted, url: postgres.connectionString });
} catch (error) {
  say('error', { message: String(error) });
}
process.stdin.resume();
process.stdin.once('end', () => {
  void postgres.stop();
});
