import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from './support/folder.js';
import { inProcess } from './support/in-process.js';
import { spoolgate } from './support/spoolgate.js';

it.each([
  [['jbos'], 2, "USAGE The command was not understood: unknown command 'jbos' (Did you mean jobs?)"],
  [['jobs', '--limti', '5'], 2, "unknown option '--limti' (Did you mean --limit?)"],
  [['push'], 2, 'name a FILE, or a function with --func'],
  [['push', '--func', 'a.b', '--kwargs', '[1]'], 2, '--kwargs: [1] is no JSON object'],
  [['simulate', '--faults', 'nope=1'], 2, '--faults: there is no fault nope'],
  [['jobs', '--database-url', 'mysql://x'], 3, 'DATABASE_URL_INVALID'],
  [['jobs', '--database-url', 'postgresql://u:secret@127.0.0.1:1/x'], 4, 'DATABASE_UNREACHABLE'],
  [['print', '/dev/null', '--port', '/dev/null'], 1, 'FILE_UNREADABLE'],
])('%j ends with %i', async (args, code, text) => {
  const ran = await inProcess(args);
  expect(ran.stderr).toContain(text);
  expect(ran.stderr).toMatch(/^error: .*\n→ .*\n$/);
  expect(ran.stderr).not.toContain('secret');
  expect([ran.code, ran.stdout]).toEqual([code, '']);
});

it('no command is a question for help', async () => {
  const ran = await spoolgate([]);
  expect([ran.code, ran.stderr]).toEqual([0, '']);
  expect(ran.stdout).toContain('spoolgate demo');
});

it('devices.json is checked, with every mistake at once', async () => {
  const cwd = await temporaryFolder();
  await writeFile(
    join(cwd, 'bad.json'),
    '{"printers":[{"id":"A b","path":"/dev/ttyUSB0","baud_rate":25000,"nmae":"x"}]}',
  );
  await writeFile(
    join(cwd, 'devices.json'),
    '{"printers":[{"id":"a","path":"/dev/nowhere"},{"id":"b","simulated":{}}]}',
  );
  const bad = await spoolgate(['devices', 'check', 'bad.json', '--json'], { cwd });
  expect(bad.code).toBe(3);
  const { error } = JSON.parse(bad.stderr) as {
    error: { code: string; exitCode: number; data: { problems: { field: string }[] } };
  };
  expect(error).toMatchObject({ code: 'CONFIG_INVALID', exitCode: 3 });
  expect(error.data.problems.map(({ field }) => field)).toEqual([
    'printers[0].id',
    'printers[0].baud_rate',
    'printers[0].nmae',
  ]);
  const good = await spoolgate(['devices', 'check'], { cwd });
  expect([good.code, good.stderr]).toEqual([0, '']);
  expect(good.stdout).toMatch(/^✓ .*devices\.json: 2 printers\n! a: \/dev\/nowhere is not there now\n/);
  const listed = await spoolgate(['devices', 'list', '--json'], { cwd });
  expect((listed.json() as { id: string }[]).map(({ id }) => id)).toEqual(['a', 'b']);
  const found = await spoolgate(['devices', 'discover', '--json'], { cwd });
  expect([found.code, Array.isArray(found.json())]).toEqual([0, true]);
});
