#!/usr/bin/env node
import { oldNodeText } from './node-version.js';

// An old Node.js cannot even read some of the modules below, so nothing else may be imported before this check; nor may this file await
// at its top, which Node.js 12, that of Debian 11, cannot read.
const tooOld = oldNodeText(process.versions.node);
if (tooOld === undefined) {
  void import('./run.js').then(({ run }) => run(process.argv.slice(2)));
} else {
  process.stderr.write(tooOld);
  process.exitCode = 3;
}
