import Module from 'node:module';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadOpenTelemetry } from '../../../../src/queue/plugins/tracing/open-telemetry.js';

describe('the OpenTelemetry API', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('is that of the application', () => {
    expect(loadOpenTelemetry()?.trace.getTracer('x')).toBeDefined();
  });

  it('may be missing', () => {
    const load = Module as unknown as { _load: (request: string) => unknown };
    vi.spyOn(load, '_load').mockImplementation(() => {
      throw new Error("Cannot find module '@opentelemetry/api'");
    });
    expect(loadOpenTelemetry()).toBeUndefined();
  });
});
