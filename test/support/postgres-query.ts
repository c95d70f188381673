import pg from 'pg';
import { onTestFinished } from 'vitest';

export type Row = Record<string, unknown>;

/** One connection, one statement, its rows. */
export const query = async (url: string, statement: string): Promise<Row[]> => {
  const client = await connect(url);
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
};

/** A connection that stays open until the test's end at the latest, and may be cut off. */
export const openClient = async (url: string): Promise<pg.Client> => {
  const client = await connect(url);
  onTestFinished(() => {
    client.end().catch(() => undefined);
  });
  return client;
};

const connect = async (url: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
};
