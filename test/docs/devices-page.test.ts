import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { devicesPage } from '../../scripts/devices-page.js';
import { projectRoot } from '../architecture/source-files.js';

describe('docs/devices.md', () => {
  it('is what the schema says (`npm run docs:devices` writes it)', async () => {
    expect(readFileSync(join(projectRoot, 'docs/devices.md'), 'utf8')).toBe(await devicesPage());
  });

  it('names every field of the example', () => {
    const page = readFileSync(join(projectRoot, 'docs/devices.md'), 'utf8');
    const example = readFileSync(join(projectRoot, 'devices.example.json'), 'utf8');
    const keys = new Set([...example.matchAll(/"(\w+)":/g)].map(([, key]) => key));
    expect(keys.size).toBeGreaterThan(30);
    expect([...keys].filter((key) => !page.includes(`\`${key}\``))).toEqual([]);
  });
});
