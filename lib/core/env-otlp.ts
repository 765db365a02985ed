import { z } from 'zod'
import { type EnvField, flag, text, webUrl, whole } from './env-kinds'

// name=value,name=value as the specification of OpenTelemetry has it; values may be percent-encoded.
const HEADERS = /^(?:\s*[\w!#$%&'*.^`|~+-]+\s*=[^,\r\n]*(?:,|$))*$/

const isDecodable = (value: string): boolean => {
  try {
    return /^[\x20-\x7e]*$/.test(decodeURIComponent(value))
  } catch {
    return false
  }
}

// What comes in over OpenTelemetry, and how much of it at once.
export const OTLP_FIELDS = {
  OTLP_MAX_BODY_BYTES: {
    group: 'OpenTelemetry',
    means: 'Largest request body as it is sent, compressed or not',
    schema: whole(16_777_216, 1024, 1_073_741_824),
  },
  OTLP_MAX_DECODED_BYTES: {
    group: 'OpenTelemetry',
    means: 'Largest request body after decompression',
    schema: whole(67_108_864, 1024, 1_073_741_824),
  },
  OTLP_MAX_SPANS_PER_REQUEST: {
    group: 'OpenTelemetry',
    means: 'Spans taken from one request; those after them are refused by count',
    schema: whole(10_000, 1, 1_000_000),
  },
  OTLP_QUEUE_SPANS: {
    group: 'OpenTelemetry',
    means: 'Spans being stored at one time by this process; more are told to come again',
    schema: whole(20_000, 1, 10_000_000),
  },
  OTLP_RATE_SPANS_PER_MINUTE: {
    group: 'OpenTelemetry',
    means: 'Spans per minute and tenant; 0 switches the limit off',
    schema: whole(0, 0, 1_000_000_000),
  },
  OTLP_PORT: {
    group: 'OpenTelemetry',
    means: 'Second port that takes OTLP alone, usually 4318; 0 is none',
    schema: whole(0, 0, 65535),
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    group: 'OpenTelemetry',
    means: 'Collector that gets every finished run, without /v1/traces; empty sends nothing',
    schema: webUrl(),
  },
  OTEL_EXPORTER_OTLP_HEADERS: {
    group: 'OpenTelemetry',
    means: 'Headers for that collector: name=value,name=value',
    schema: text().refine((value) => HEADERS.test(value) && isDecodable(value), 'must be name=value,name=value'),
    secret: true,
  },
  OTEL_EXPORTER_OTLP_PROTOCOL: {
    group: 'OpenTelemetry',
    means: 'Encoding of what is sent',
    schema: z.enum(['http/protobuf', 'http/json']).default('http/protobuf'),
  },
  OTEL_SERVICE_NAME: {
    group: 'OpenTelemetry',
    means: 'Name of this server in what is sent',
    schema: text('clasper'),
  },
  CLASPER_OTEL_CONTENT: {
    group: 'OpenTelemetry',
    means: 'Send messages, arguments and results too, redacted; without it none of them leaves',
    schema: flag(false),
  },
} as const satisfies Record<string, EnvField>
