/** Steps by id, each with the ids of those that it waits for. */
export type StepGraph = ReadonlyMap<string, readonly string[]>;

/**
 * Why the steps could never all run: a dependency that is no step, or a circle, with its path; undefined when they could. Without
 * recursion, as a sequence may have thousands of steps.
 */
export const graphFault = (graph: StepGraph): string | undefined => {
  for (const [step, dependencies] of graph) {
    const unknown = dependencies.find((dependency) => !graph.has(dependency));
    if (unknown !== undefined) return `steps.${step}: waits for ${unknown}, which is not a step`;
  }
  const circle = findCircle(graph);
  return circle === undefined ? undefined : `steps.${circle[0]}: waits for itself: ${circle.join(' -> ')}`;
};

const findCircle = (graph: StepGraph): readonly string[] | undefined => {
  const done = new Set<string>();
  for (const start of graph.keys()) {
    const path: { readonly step: string; next: number }[] = done.has(start) ? [] : [{ step: start, next: 0 }];
    const onPath = new Set(path.map(({ step }) => step));
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const dependency = graph.get(top.step)?.[top.next];
      top.next += 1;
      if (dependency === undefined) {
        done.add(top.step);
        onPath.delete(top.step);
        path.pop();
      } else if (onPath.has(dependency)) {
        const steps = path.map(({ step }) => step);
        return [...steps.slice(steps.indexOf(dependency)), dependency];
      } else if (!done.has(dependency)) {
        onPath.add(dependency);
        path.push({ step: dependency, next: 0 });
      }
    }
  }
  return undefined;
};
