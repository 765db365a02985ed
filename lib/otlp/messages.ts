import root from '@opentelemetry/otlp-transformer/build/src/generated/root.js'
import protobuf from 'protobufjs'

// The messages of the protocol as its own package generates them; only what is read here has a type.
export type Long = { low: number; high: number }
type Wide = Long | number | null

export type AnyValue = {
  stringValue?: string | null
  boolValue?: boolean | null
  intValue?: Wide
  doubleValue?: number | null
  arrayValue?: { values?: AnyValue[] | null } | null
  kvlistValue?: { values?: KeyValue[] | null } | null
  bytesValue?: Uint8Array | null
}
export type KeyValue = { key?: string | null; value?: AnyValue | null }
type Keyed = { attributes?: KeyValue[] | null }

export type SpanMessage = Keyed & {
  traceId?: Uint8Array | null
  spanId?: Uint8Array | null
  parentSpanId?: Uint8Array | null
  name?: string | null
  startTimeUnixNano?: Wide
  endTimeUnixNano?: Wide
  events?: (Keyed & { timeUnixNano?: Wide; name?: string | null })[] | null
  links?: (Keyed & { traceId?: Uint8Array | null; spanId?: Uint8Array | null })[] | null
  status?: { code?: number | null; message?: string | null } | null
}

export type LogMessage = Keyed & {
  timeUnixNano?: Wide
  observedTimeUnixNano?: Wide
  body?: AnyValue | null
  traceId?: Uint8Array | null
  spanId?: Uint8Array | null
  eventName?: string | null
}

export type ScopeMessage = { name?: string | null; version?: string | null }
export type ResourceMessage = Keyed
type ScopeGroup<K extends string, T> = { scope?: ScopeMessage | null; schemaUrl?: string | null } & {
  [key in K]?: T[] | null
}
type ResourceGroup<K extends string, T> = { resource?: ResourceMessage | null; schemaUrl?: string | null } & {
  [key in K]?: T[] | null
}

export type ScopeSpans = ScopeGroup<'spans', SpanMessage>
export type ResourceSpans = ResourceGroup<'scopeSpans', ScopeSpans>
export type ScopeLogs = ScopeGroup<'logRecords', LogMessage>
export type ResourceLogs = ResourceGroup<'scopeLogs', ScopeLogs>
type Metric = Record<string, { dataPoints?: unknown[] | null } | string | null | undefined>
type ResourceMetrics = { scopeMetrics?: { metrics?: Metric[] | null }[] | null }

type Codec<T> = {
  decode(bytes: Uint8Array): T
  fromObject(plain: object): T
  encode(message: object): { finish(): Uint8Array }
}

type Generated = {
  opentelemetry: {
    proto: {
      trace: { v1: { Span: Codec<SpanMessage>; ResourceSpans: Codec<ResourceSpans> } }
      logs: { v1: { LogRecord: Codec<LogMessage> } }
      common: { v1: { InstrumentationScope: Codec<ScopeMessage> } }
      resource: { v1: { Resource: Codec<ResourceMessage> } }
      collector: {
        trace: {
          v1: {
            ExportTraceServiceRequest: Codec<{ resourceSpans?: ResourceSpans[] | null }>
            ExportTraceServiceResponse: Codec<object>
          }
        }
        logs: {
          v1: {
            ExportLogsServiceRequest: Codec<{ resourceLogs?: ResourceLogs[] | null }>
            ExportLogsServiceResponse: Codec<object>
          }
        }
        metrics: {
          v1: {
            ExportMetricsServiceRequest: Codec<{ resourceMetrics?: ResourceMetrics[] | null }>
            ExportMetricsServiceResponse: Codec<object>
          }
        }
      }
    }
  }
}

// The package types its generated code as an empty root.
const generated = (root as unknown as Generated).opentelemetry.proto

export const Span = generated.trace.v1.Span
export const LogRecord = generated.logs.v1.LogRecord
export const InstrumentationScope = generated.common.v1.InstrumentationScope
export const Resource = generated.resource.v1.Resource

const { trace, logs, metrics } = generated.collector
export const TraceRequest = trace.v1.ExportTraceServiceRequest
export const LogsRequest = logs.v1.ExportLogsServiceRequest
export const MetricsRequest = metrics.v1.ExportMetricsServiceRequest
export const RESPONSES = {
  traces: trace.v1.ExportTraceServiceResponse,
  logs: logs.v1.ExportLogsServiceResponse,
  metrics: metrics.v1.ExportMetricsServiceResponse,
} as const

// google.rpc.Status without its details, which nothing here has.
export const Status = new protobuf.Type('Status')
  .add(new protobuf.Field('code', 1, 'int32'))
  .add(new protobuf.Field('message', 2, 'string'))
