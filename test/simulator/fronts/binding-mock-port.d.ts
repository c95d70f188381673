/** What the simulator's front uses of the mock binding beyond the transport's tests. */
declare module '@serialport/binding-mock' {
  interface MockPortBinding {
    close(): Promise<void>;
  }
}

export {};
