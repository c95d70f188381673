// Records the demo in a pseudo-terminal and draws docs/images/demo.svg from what was to be seen, at the pace at which it was seen; only
// stillness beyond a second (npm, the build) is cut. Usage: npm run docs:demo
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { animatedSvg } from './terminal-recording/animated-svg.js';
import { recordTerminal } from './terminal-recording/record-terminal.js';

const columns = 100;
const root = join(import.meta.dirname, '..');

const frames = await recordTerminal({
  file: 'npm',
  args: ['run', '--silent', 'demo'],
  prompt: 'npm run demo',
  cwd: root,
  columns,
  rows: 30,
  everyMs: 250,
  stillMs: 1000,
});
const title =
  'The demo in a terminal: a file is printed on a simulated printer, and each line of it ran once and in order';
writeFileSync(join(root, 'docs/images/demo.svg'), animatedSvg(frames, { columns, title }));
console.log(`docs/images/demo.svg: ${frames.length} frames`);
process.exit(0);
