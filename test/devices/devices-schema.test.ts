import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { devicesJsonSchema } from '../../src/devices/devices-schema.js';

interface Node {
  readonly properties?: Record<string, Node>;
  readonly required?: string[];
  readonly items?: Node;
  readonly description?: string;
  readonly default?: unknown;
  readonly additionalProperties?: boolean;
}

/** Every field of the schema with its path. */
const fields = (node: Node, path = ''): [string, Node][] => {
  const all: [string, Node][] = [];
  for (const [key, child] of Object.entries(node.properties ?? {})) {
    const here = `${path} ${key}`;
    all.push([here, child], ...fields(child, here), ...fields(child.items ?? {}, `${here}[]`));
  }
  return all;
};

const schema = devicesJsonSchema() as Node;

describe('devices.json', () => {
  it('has a description for every field', () => {
    expect(fields(schema).filter(([, { description }]) => !description)).toEqual([]);
  });

  it('needs only printers and their ids', () => {
    expect(schema.required).toEqual(['printers']);
    expect(schema.properties?.['printers']?.items?.required).toEqual(['id']);
  });

  it('has no unknown field in any object', () => {
    const objects = [schema, ...fields(schema).flatMap(([, node]) => [node, node.items ?? {}])];
    const open = objects.filter((node) => node.properties && node.additionalProperties !== false);
    expect(open).toEqual([]);
  });

  it('shows every field in devices.example.json', () => {
    const example = readFileSync(new URL('../../devices.example.json', import.meta.url), 'utf8');
    const names = new Set(fields(schema).map(([path]) => path.split(' ').at(-1)));
    names.delete('$schema');
    for (const name of names) expect(example).toContain(`"${name}"`);
  });
});
