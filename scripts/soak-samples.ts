// Prints every plain sample over a pseudo-terminal, clean and with faults, and holds what ran against the file.
// Usage: npm run soak:samples [-- FOLDER]   (default: the samples beside the project, else gcode-samples)
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { printOverPty } from '../test/e2e/print-rig.js';

const beside = join(import.meta.dirname, '../../shared/samples');
const folder = process.argv[2] ?? (existsSync(beside) ? beside : join(import.meta.dirname, '../gcode-samples'));
const files = readdirSync(folder).filter((name) => name.endsWith('.gcode') && !name.includes('cut-short'));
const faults = { corruptRate: 0.01, dropOkEvery: 500 };

let bad = 0;
for (const name of files) {
  for (const kind of ['clean', 'faults'] as const) {
    const began = performance.now();
    const { outcome, ran, report } = await printOverPty(join(folder, name), kind === 'clean' ? {} : { faults });
    const seconds = (performance.now() - began) / 1000;
    const ok = outcome.type === 'done' && ran.exact;
    if (!ok) bad += 1;
    const { sent, resent, oksLost } = outcome.figures;
    console.log(
      [
        ok ? 'exact' : 'WRONG',
        basename(name).padEnd(34),
        kind.padEnd(6),
        `${sent} lines, ${resent} resent, ${report.resendRequests} requests, ${oksLost} oks lost, ${seconds.toFixed(1)} s`,
        ok ? '' : JSON.stringify({ ran, outcome }),
      ].join('  '),
    );
  }
}
console.log(bad === 0 ? 'every line once and in order, in every print' : `${bad} prints were wrong`);
process.exit(bad === 0 ? 0 : 1);
