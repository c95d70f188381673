// Threads and processes that tests start are not under Vitest: this lets them load the sources.
import { register } from 'tsx/esm/api';

register();
