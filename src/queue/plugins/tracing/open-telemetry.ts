import { createRequire } from 'node:module';
import type * as api from '@opentelemetry/api';

export type OpenTelemetry = typeof api;

/**
 * The application's copy of the OpenTelemetry API; undefined where there is none. At once, as jobs may be pushed in the very next line:
 * all copies of one major version share their state, whichever way they were loaded.
 */
export const loadOpenTelemetry = (): OpenTelemetry | undefined => {
  try {
    return createRequire(import.meta.url)('@opentelemetry/api') as OpenTelemetry;
  } catch {
    return undefined;
  }
};
