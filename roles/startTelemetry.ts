import type { Tracer } from '@opentelemetry/api';

import type { Closers } from './Closers.ts';
import type { Config } from './readConfig.ts';

export interface TelemetryParts {
  readonly config: Pick<Config, 'telemetryUrl' | 'telemetryName'>;
  readonly closers: Pick<Closers, 'add'>;
}

/**
 * Sends spans to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names; undefined, and nothing is loaded, where none is named.
 * The library reads its other settings from the environment itself (OTEL_TRACES_SAMPLER, OTEL_EXPORTER_OTLP_HEADERS, …).
 */
export async function startTelemetry({ config, closers }: TelemetryParts): Promise<Tracer | undefined> {
  if (config.telemetryUrl === undefined) {
    return undefined;
  }
  const [{ BasicTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, { Resource }] = await Promise.all([
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const provider = new BasicTracerProvider({
    resource: new Resource({ 'service.name': config.telemetryName }),
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ url: `${config.telemetryUrl.replace(/\/$/, '')}/v1/traces` })),
    ],
  });
  closers.add(() => provider.shutdown());
  return provider.getTracer('civigraph');
}
