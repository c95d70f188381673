import type { DevicesConfig } from '../devices/load-devices.js';
import { Service } from '../lifecycle/service.js';
