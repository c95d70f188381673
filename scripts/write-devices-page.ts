// Writes docs/devices.md from the schema of devices.json. Usage: npm run docs:devices
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { devicesPage } from './devices-page.js';

writeFileSync(join(import.meta.dirname, '../docs/devices.md'), await devicesPage());
