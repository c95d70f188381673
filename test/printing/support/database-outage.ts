import pg from 'pg';
import { inject } from 'vitest';

/** Takes one database of the run's Postgres away, as a crash of its server would, and gives it back. */
export class DatabaseOutage {
  readonly #name: string;

  constructor(url: string) {
    this.#name = /\/(\w+)(?:\?|$)/.exec(url)?.[1] ?? '';
  }

  async begin(): Promise<void> {
    await this.#run(`ALTER DATABASE ${this.#name} ALLOW_CONNECTIONS false`);
    await this.#run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${this.#name}'`);
  }

  end(): Promise<void> {
    return this.#run(`ALTER DATABASE ${this.#name} ALLOW_CONNECTIONS true`);
  }

  async #run(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: inject('postgresUrl') });
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  }
}
