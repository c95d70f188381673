import '@serialport/binding-mock';

declare module '@serialport/binding-mock' {
  /** What the simulator's front uses beyond the transport's tests. */
  interface MockPortBinding {
    close(): Promise<void>;
  }
}
