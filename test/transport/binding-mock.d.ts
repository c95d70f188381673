/** The part of the mock binding that tests use: the package's types are not reachable from ESM. */
declare module '@serialport/binding-mock' {
  interface MockPortBinding {
    readonly isOpen: boolean;
    port?: { data: Buffer };
    emitData(data: Buffer): void;
    read(buffer: Buffer, offset: number, length: number): Promise<{ bytesRead: number; buffer: Buffer }>;
    write(bytes: Buffer): Promise<void>;
  }
  const MockBinding: {
    createPort(path: string, options?: { echo?: boolean; record?: boolean; maxReadSize?: number }): void;
    list(): Promise<unknown>;
    open(options: unknown): Promise<MockPortBinding>;
  };
  export { MockBinding, type MockPortBinding };
}
