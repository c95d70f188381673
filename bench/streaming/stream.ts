// Streams one file to one port with the code that prints, and prints one JSON line of its cost.
// Usage: npm run --silent bench:stream -- PORT GCODE
import { openGcode } from '../../src/gcode/open-gcode.js';
import { inspectGcode } from '../../src/gcode/inspect-gcode.js';
import { EventBus } from '../../src/events/event-bus.js';
import { monotonicClock } from '../../src/printer/clock.js';
import { Printer } from '../../src/printer/printer.js';
import { marlin } from '../../src/protocol/dialects/marlin.js';
import { defaultGreetingTimes } from '../../src/protocol/greeting.js';
import { defaultLineTimes } from '../../src/protocol/line-times.js';
import { portTransport } from '../../src/transport/transport-for.js';

const [port, file] = process.argv.slice(2);
if (!port || !file) {
  console.error('usage: npm run --silent bench:stream -- PORT GCODE');
  process.exit(2);
}
const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const baudRate = 115_200;
const printer = new Printer({
  profile: {
    id: 'bench',
    name: 'bench',
    path: port,
    baudRate,
    dialect: marlin,
    window: { bytes: 127, lines: 4 },
    greetingTimes: defaultGreetingTimes,
    lineTimes: defaultLineTimes(baudRate),
    scripts: { cancel: [], pause: [], resume: [] },
    clearsItself: true,
    idlePollMs: 5000,
    printPollMs: 2000,
  },
  transport: portTransport,
  events: new EventBus(),
  clock: monotonicClock,
});
await printer.start();
const info = await inspectGcode(file);
const before = { cpu: cpuSeconds(), ms: performance.now() };
const outcome = await printer.print({ jobId: 'bench', attempt: 1, info, source: openGcode(file) });
const seconds = (performance.now() - before.ms) / 1000;
const cpu = cpuSeconds() - before.cpu;
const { sent, resent, resendRequests, oksLost } = outcome.figures;
await printer.stop();
console.log(
  JSON.stringify({
    peer: 'spoolgate',
    result: outcome.type === 'done' ? 'done' : outcome.error.message,
    lines: sent,
    stream_s: seconds,
    stream_cpu_s: cpu,
    cpu_s_per_10k: (cpu / sent) * 1e4,
    resent,
    resends: resendRequests,
    oks_lost: oksLost,
    maxrss_mb: process.resourceUsage().maxRSS / 1024,
  }),
);
process.exit(outcome.type === 'done' ? 0 : 1);
