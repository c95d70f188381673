import { Tracing } from '../../../../src/queue/plugins/tracing/tracing.js';
import { describePlugin } from '../../../contracts/plugin-conformance.js';

describePlugin('Tracing', () => ({ plugin: new Tracing(), identifier: 'spoolgate.tracing' }));
