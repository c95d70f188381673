import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createTestDatabase, withDatabase } from './database.js';

describe('createTestDatabase', () => {
  it('makes a database of its own and drops it with its connections', async () => {
    const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    const client = new pg.Client({ connectionString: one.url });
    const lost = new Promise((resolve) => client.on('error', resolve));
    await client.connect();
    const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
    expect(one.url).toContain(rows[0]?.name);
    expect(one.url).not.toBe(two.url);
    await Promise.all([one.drop(), two.drop(), lost]);
    await expect(new pg.Client({ connectionString: one.url }).connect()).rejects.toThrow('does not exist');
  });
});

describe('withDatabase', () => {
  it.each([
    ['postgresql://u@/old?host=%2Frun&port=5', 'postgresql://u@/new?host=%2Frun&port=5'],
    ['postgres://u:p@h:5432/old', 'postgres://u:p@h:5432/new'],
    ['postgres://h', 'postgres://h/new'],
    ['postgres://h?x=1', 'postgres://h/new?x=1'],
  ])('%s', (url, expected) => {
    expect(withDatabase(url, 'new')).toBe(expected);
  });
});
