export type Snippet = { id: string; label: string; says: string; code: string }

const head = (origin: string, scope: string): string =>
  `export CLASPER_URL=${origin}\nexport CLASPER_KEY=clk_…   # an API key with the scope ${scope}\n`

const span = (key: string, value: string): string => `{"key":"${key}","value":${value}}`
const text = (value: string): string => `{"stringValue":"${value}"}`
const whole = (value: number): string => `{"intValue":"${value}"}`

// A whole model call as curl alone can send it; ids and times are made by the shell.
const SPAN = [
  `{"resourceSpans":[{"resource":{"attributes":[${span('service.name', text('my-agent'))}]},`,
  `"scopeSpans":[{"spans":[{`,
  `"traceId":"'$(openssl rand -hex 16)'","spanId":"'$(openssl rand -hex 8)'",`,
  `"name":"chat my-model","kind":3,`,
  `"startTimeUnixNano":"'$(date +%s)000000000'","endTimeUnixNano":"'$(date +%s)900000000'",`,
  `"attributes":[${span('gen_ai.operation.name', text('chat'))},${span('gen_ai.provider.name', text('openai'))},`,
  `${span('gen_ai.request.model', text('my-model'))},${span('gen_ai.usage.input_tokens', whole(12))},`,
  `${span('gen_ai.usage.output_tokens', whole(3))}]}]}]}]}`,
].join('\n')

const CURL = 'curl -sS'

export const runSnippet = (origin: string): Snippet => ({
  id: 'run',
  label: 'Run an agent',
  says: 'Clasper runs the agent itself and records each step.',
  code: `${head(origin, 'run')}
${CURL} -N "$CLASPER_URL/api/agents/stream" \\
  -H "X-Agent-Daemon-Key: $CLASPER_KEY" -H "Content-Type: application/json" \\
  -d '{"user_id":"me","session_key":"user:me:agent","message":"Hello"}'`,
})

export const curlSnippet = (origin: string): Snippet => ({
  id: 'otlp',
  label: 'OpenTelemetry by curl',
  says: 'One span of a model call, just as an exporter would send it.',
  code: `${head(origin, 'ingest')}
${CURL} "$CLASPER_URL/v1/traces" \\
  -H "Authorization: Bearer $CLASPER_KEY" -H "Content-Type: application/json" -d '
${SPAN}'`,
})

const exporterSnippet = (origin: string): Snippet => ({
  id: 'exporter',
  label: 'Any OpenTelemetry SDK',
  says: 'Exporters, collectors, Traceloop and the Vercel AI SDK read these variables.',
  code: `${head(origin, 'ingest')}
export OTEL_EXPORTER_OTLP_ENDPOINT="$CLASPER_URL"
export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
export OTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer%20$CLASPER_KEY"

# Traceloop
export TRACELOOP_BASE_URL="$CLASPER_URL"
export TRACELOOP_API_KEY="$CLASPER_KEY"`,
})

const langfuseSnippet = (origin: string): Snippet => ({
  id: 'langfuse',
  label: 'Langfuse SDK',
  says: 'Only the address and the keys change; the code stays.',
  code: `${head(origin, 'ingest')}
export LANGFUSE_BASE_URL="$CLASPER_URL"
export LANGFUSE_PUBLIC_KEY=clasper
export LANGFUSE_SECRET_KEY="$CLASPER_KEY"`,
})

export const firstSnippets = (origin: string): Snippet[] => [runSnippet(origin), curlSnippet(origin)]

export const ingestSnippets = (origin: string): Snippet[] => [
  exporterSnippet(origin),
  langfuseSnippet(origin),
  curlSnippet(origin),
]
