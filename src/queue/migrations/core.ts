import type { MigrationSet } from '../plugin.js';
import { v1 } from './core/v1.js';
import { v2 } from './core/v2.js';
import { v3 } from './core/v3.js';
import { v4 } from './core/v4.js';
import { v5 } from './core/v5.js';
import { v6 } from './core/v6.js';

/** Chancy's own tables, step by step as Python's Chancy 0.25 makes them (wire contract, section 1). */
export const coreMigrations: MigrationSet = { key: 'chancy', steps: [v1, v2, v3, v4, v5, v6] };
