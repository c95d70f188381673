import { ImmediateLeadership } from '../../../src/queue/plugins/leadership/immediate-leadership.js';
import { Leadership } from '../../../src/queue/plugins/leadership/leadership.js';
import { describePlugin } from '../../contracts/plugin-conformance.js';

describePlugin('Leadership', () => ({ plugin: new Leadership(), identifier: 'chancy.leadership' }));
describePlugin('ImmediateLeadership', () => ({ plugin: new ImmediateLeadership(), identifier: 'chancy.leadership' }));
