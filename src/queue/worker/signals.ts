export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
}

interface Stoppable {
  stop(): Promise<void>;
  forceStop(): Promise<void>;
}

const signals = ['SIGTERM', 'SIGINT'] as const;

/** The first signal drains, the second forces. Returns how to listen no more. */
export const stopOnSignals = (worker: Stoppable, source: SignalSource): (() => void) => {
  let isStopping = false;
  const onSignal = (): void => {
    // A stop that fails has said so in events; here it must not end the process as an unhandled rejection.
    (isStopping ? worker.forceStop() : worker.stop()).catch(() => undefined);
    isStopping = true;
  };
  for (const signal of signals) source.on(signal, onSignal);
  return () => {
    for (const signal of signals) source.off(signal, onSignal);
  };
};
