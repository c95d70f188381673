import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/observability/logger.js';
import { CollectedLines } from './collected-lines.js';

const collected = (options: Parameters<typeof createLogger>[0] = {}) => {
  const destination = new CollectedLines();
  return { destination, logger: createLogger({ env: {}, destination, ...options }) };
};

describe('the logger', () => {
  it('writes a JSON object a line', () => {
    const { destination, logger } = collected();
    logger.child({ gateway: 'pi' }).info({ printer: 'left', line: 3 }, 'hello');
    const { time, ...line } = destination.lines[0]!;
    expect(line).toEqual({ level: 'info', gateway: 'pi', printer: 'left', line: 3, msg: 'hello' });
    expect(new Date(String(time)).toISOString()).toBe(time);
  });

  it.each([
    [{}, 'info'],
    [{ env: { SPOOLGATE_LOG_LEVEL: 'debug' } }, 'debug'],
    [{ env: { SPOOLGATE_LOG_LEVEL: ' WARN ' } }, 'warn'],
    [{ level: 'trace', env: { SPOOLGATE_LOG_LEVEL: 'warn' } }, 'trace'],
  ])('%o has the level %s', (options, level) => {
    expect(collected(options).logger.level).toBe(level);
  });

  it('refuses a level that there is not', () => {
    expect(() => collected({ level: 'loud' })).toThrow(/USAGE.*loud is none of trace, debug/);
  });

  it('writes for people where it is asked to', () => {
    const { destination, logger } = collected({ pretty: true });
    logger.info({ printer: 'left', event: 'print.started' }, 'printing');
    expect(destination.text).toMatch(/INFO.*printing/);
    expect(destination.text).toContain('printer: "left"');
    expect(destination.text).not.toContain('print.started');
  });

  it('has written everything when the process dies', () => {
    const program = `
      import { createLogger } from './src/observability/logger.ts';
      const logger = createLogger({ env: {} });
      for (let index = 0; index < 500; index += 1) logger.info({ index }, 'line');
      process.kill(process.pid, 'SIGKILL');`;
    const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    expect(stdout.trim().split('\n')).toHaveLength(500);
  });

  it('keeps secrets out, wherever they stand', () => {
    const { destination, logger } = collected();
    const url = 'postgresql://anna:hunter2@db:5432/x';
    logger.child({ apiKey: 'hunter2' }).info({ deep: [{ token: 'hunter2' }], url }, `connecting to ${url}`);
    logger.error(new Error(`no: ${url}`, { cause: new Error('password=hunter2') }));
    logger.error({ err: new Error(`no: ${url}`) }, 'failed');
    logger.error({ error: Object.assign(new Error('x'), { password: 'hunter2' }) }, 'failed');
    logger.info({ headers: { Authorization: 'Bearer hunter2' } }, 'Authorization: Bearer hunter2');
    logger.info('secret=%s', 'hunter2');
    expect(destination.lines).toHaveLength(6);
    expect(destination.text).not.toContain('hunter2');
    expect(destination.text).toContain('anna:[redacted]@db:5432');
  });

  it('keeps them out of the lines for people', () => {
    const { destination, logger } = collected({ pretty: true });
    logger.error({ err: new Error('postgresql://anna:hunter2@db/x'), password: 'hunter2' }, 'token: "hunter2"');
    expect(destination.text).not.toContain('hunter2');
  });
});
