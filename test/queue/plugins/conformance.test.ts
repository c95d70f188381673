import { ImmediateLeadership } from '../../../src/queue/plugins/leadership/immediate-leadership.js';
import { Leadership } from '../../../src/queue/plugins/leadership/leadership.js';
import { Pruner } from '../../../src/queue/plugins/pruner/pruner.js';
import { Recovery } from '../../../src/queue/plugins/recovery/recovery.js';
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
