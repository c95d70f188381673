/** What a drawing needs of a step. */
export interface DrawnStep {
  readonly dependencies: readonly string[];
  readonly func: string;
  readonly state?: string | null;
}

const colours: Readonly<Record<string, string>> = {
  pending: 'lightgrey',
  running: 'lightblue',
  retrying: 'orange',
  succeeded: 'palegreen',
  failed: 'salmon',
  missing: 'salmon',
};

const quoted = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

/** A workflow in Graphviz's DOT language: an arrow leads from a step to those that wait for it; the colour is its job's state. */
export const workflowDot = (name: string, steps: ReadonlyMap<string, DrawnStep>): string => {
  const nodes: string[] = [];
  const arrows: string[] = [];
  for (const [stepId, { dependencies, func, state }] of steps) {
    const colour = state === undefined || state === null ? undefined : colours[state];
    const fill = colour === undefined ? '' : `, style=filled, fillcolor=${colour}`;
    nodes.push(`  ${quoted(stepId)} [label=${quoted(`${stepId}\n${func}`)}${fill}];`);
    for (const dependency of dependencies) arrows.push(`  ${quoted(dependency)} -> ${quoted(stepId)};`);
  }
  const lines = [...nodes, ...arrows];
  return `digraph ${quoted(name)} {\n${lines.join('\n')}\n}\n`;
};
