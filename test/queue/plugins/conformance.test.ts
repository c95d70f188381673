import { Cron } from '../../../src/queue/plugins/cron/cron.js';
import { ImmediateLeadership } from '../../../src/queue/plugins/leadership/immediate-leadership.js';
import { Leadership } from '../../../src/queue/plugins/leadership/leadership.js';
import { Pruner } from '../../../src/queue/plugins/pruner/pruner.js';
import { Recovery } from '../../../src/queue/plugins/recovery/recovery.js';
import { Reprioritize } from '../../../src/queue/plugins/reprioritize/reprioritize.js';
import { RetryPlugin } from '../../../src/queue/plugins/retry/retry-plugin.js';
import { JobRules } from '../../../src/queue/plugins/rules/job-rules.js';
import { describePlugin } from '../../contracts/plugin-conformance.js';

describePlugin('Leadership', () => ({ plugin: new Leadership(), identifier: 'chancy.leadership' }));
describePlugin('ImmediateLeadership', () => ({ plugin: new ImmediateLeadership(), identifier: 'chancy.leadership' }));
describePlugin('Recovery', () => ({
  plugin: new Recovery(),
  needs: [new Leadership()],
  identifier: 'chancy.recovery',
}));
describePlugin('Pruner', () => ({
  plugin: new Pruner(),
  needs: [new Leadership()],
  identifier: 'chancy.pruner',
  version: { key: 'spoolgate_pruner', version: 1 },
}));
describePlugin('RetryPlugin', () => ({ plugin: new RetryPlugin(), identifier: 'chancy.retry_plugin' }));
describePlugin('Reprioritize', () => ({
  plugin: new Reprioritize({ rule: JobRules.queue.eq('q') }),
  needs: [new Leadership()],
  identifier: 'chancy.reprioritize',
}));
describePlugin('Cron', () => ({
  plugin: new Cron(),
  identifier: 'chancy.cron',
  version: { key: 'cron', version: 2 },
  pythonTables: `CREATE TABLE chancy_cron (
    unique_key text PRIMARY KEY,
    job jsonb NOT NULL,
    cron text NOT NULL,
    last_run timestamptz,
    next_run timestamptz NOT NULL
  )`,
}));
