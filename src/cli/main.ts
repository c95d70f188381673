#!/usr/bin/env node
import { oldNodeText } from './node-version.js';

// An old Node.js cannot even read some of the modules below, so nothing else may be imported before this check.
const tooOld = oldNodeText(process.versions.node);
if (tooOld === undefined) {
  const { run } = await import('./run.js');
  await run(process.argv.slice(2));
} else {
  process.stderr.write(tooOld);
  process.exitCode = 3;
}
