import { serialTransport } from './serial-transport.js';
import { tcpTransport } from './tcp-transport.js';
import type { TransportFactory } from './transport.js';

/** The kind of transport that a device's path asks for: `tcp://host:port`, else a serial port. */
export const transportFor = (path: string): TransportFactory =>
  /^tcp:\/\//i.test(path) ? tcpTransport : serialTransport;

/** Any device's transport, chosen by its path. */
export const portTransport: TransportFactory = (options) => transportFor(options.path)(options);
