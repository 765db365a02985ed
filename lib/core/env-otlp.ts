import { type EnvField, whole } from './env-kinds'

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
} as const satisfies Record<string, EnvField>
