type Reason = { name: string; advice: string }

// Kept in step with what the server refuses by name; a reason that is new here is shown as it is.
const REASONS: Readonly<Record<string, Reason>> = {
  trace_id: { name: 'Trace id is broken', advice: 'It has 16 bytes, 32 hex digits in JSON, and is not all zero.' },
  span_id: { name: 'Span id is broken', advice: 'It has 8 bytes, 16 hex digits in JSON, and is not all zero.' },
  no_name_no_start: { name: 'Neither name nor start', advice: 'A span needs at least one of the two.' },
  end_before_start: {
    name: 'Ends before it starts',
    advice: 'By more than a day, so the times are not to be trusted. Check the clock and the unit.',
  },
  time_range: { name: 'Time out of range', advice: 'Times are nanoseconds since 1970, not milliseconds.' },
  attributes_shape: {
    name: 'Attributes in another form',
    advice: 'OTLP wants a list of {"key", "value": {"stringValue": …}}, not an object.',
  },
  malformed: { name: 'Not an OTLP span', advice: 'Compare it with the example below.' },
  too_deep: { name: 'Nested too deep', advice: 'Send the value as a JSON text instead.' },
  too_large: { name: 'Larger than 1 MiB', advice: 'Shorten long attributes and events before they are exported.' },
  too_many: { name: 'Too many in one request', advice: 'Lower the batch size of the exporter.' },
  looks_like_logs: { name: 'These are logs', advice: 'Send them to /v1/logs; the paths were mixed up.' },
  own_run: {
    name: 'Already recorded as an own run',
    advice: 'An export of this installation leads back into it. Point the exporter elsewhere.',
  },
  not_mapped: { name: 'Could not be mapped', advice: 'Its attributes follow no convention that is known here.' },
  refused: { name: 'Refused by the store', advice: 'The server’s log names the request.' },
}

export const reasonName = (reason: string): string => REASONS[reason]?.name ?? reason.replaceAll('_', ' ')

export const reasonAdvice = (reason: string): string | null => REASONS[reason]?.advice ?? null

const SOURCES: Readonly<Record<string, string>> = {
  '/v1/traces': 'OpenTelemetry',
  '/api/otel/v1/traces': 'OpenTelemetry, base path',
  '/api/public/otel/v1/traces': 'Langfuse clients',
  '/v1/logs': 'OpenTelemetry logs',
  '/v1/metrics': 'OpenTelemetry metrics',
}

export const sourceName = (source: string): string => SOURCES[source] ?? source
