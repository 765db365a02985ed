import { deleteOf, updateOf } from './sql-build'
import { EMPTY_DERIVED } from './sql-derived'

const CALL_FACTS = ['model', 'provider', 'cost', 'usage_estimated', 'outcome', 'status', 'finish_reason']
const CALL_TOKENS = ['input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_tokens']
const CALL_TRIES = ['has_tool_calls', 'attempt', 'attempt_id', 'retry_of', 'fallback', 'billable']

const MINIMAL = [...CALL_FACTS, ...CALL_TOKENS].map((key) => `llm_call.${key}`)
const SUMMARY = [
  ...MINIMAL,
  ...CALL_TRIES.map((key) => `llm_call.${key}`),
  ...['tool_call.tool_call_id', 'tool_call.tool_name', 'tool_call.permitted'],
  ...['tool_result.tool_call_id', 'tool_result.success', 'error.code', 'error.recoverable'],
  ...['decision.decision', 'decision.decision_id'],
]

const listed = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ')

const valueIn = (alias: string): string => `CASE ${alias}.type WHEN 'object' THEN json(${alias}.value)
  WHEN 'array' THEN json(${alias}.value) WHEN 'true' THEN json('true') WHEN 'false' THEN json('false')
  ELSE ${alias}.value END`

// Models choose ids and the names of tools that there are not: what may hold words goes with the words.
const plainSqlite = (text: string): string => `length(${text}) <= 100 AND ${text} NOT GLOB '*[^A-Za-z0-9_.:@|/-]*'`
const PLAIN_POSTGRESQL = `~ '^[A-Za-z0-9_.:@|/-]{1,100}$'`

const stepsTo = (name: string, kept: readonly string[]) =>
  updateOf(
    { name, table: 'TraceStep' },
    {
      sqlite: `"data" = (SELECT json_group_object(e.key, ${valueIn('e')}) FROM json_each("TraceStep"."data") e
        WHERE ("TraceStep"."type" || '.' || e.key) IN (${listed(kept)})
          AND (e.key <> 'tool_call_id' OR ${plainSqlite('e.value')})
          AND (e.key <> 'tool_name' OR json_extract("TraceStep"."data", '$.permitted')))`,
      postgresql: `"data" = COALESCE((SELECT json_object_agg(e.key, e.value)::text FROM json_each("TraceStep"."data"::json) e
        WHERE ("TraceStep"."type" || '.' || e.key) IN (${listed(kept)})
          AND (e.key <> 'tool_call_id' OR (e.value #>> '{}') ${PLAIN_POSTGRESQL})
          AND (e.key <> 'tool_name' OR ("TraceStep"."data"::json ->> 'permitted') = 'true')), '{}')`,
    },
  )

const INPUTS = listed([
  ...['temperature', 'max_tokens', 'model', 'fallback_model', 'prompt_tokens_estimated', 'risk', 'workspace'],
])

// How many messages there were, in which roles, and which tools were called how: no word of what was said.
const contentToSummary = updateOf(
  { name: 'tracing.summary-content', table: 'TraceContent' },
  {
    sqlite: `"inputs" = json_set(
        (SELECT json_group_object(e.key, ${valueIn('e')}) FROM json_each("TraceContent"."inputs") e
          WHERE e.key IN (${INPUTS})),
        '$.messages', (SELECT json_group_array(json_object('role', json_extract(m.value, '$.role')))
          FROM json_each("TraceContent"."inputs", '$.messages') m)),
      "outcome" = CASE WHEN "outcome" IS NULL THEN NULL ELSE json_object('tool_calls',
        (SELECT json_group_array(json_object(
          'id', CASE WHEN ${plainSqlite(`json_extract(c.value, '$.id')`)} THEN json_extract(c.value, '$.id') ELSE '' END,
          'name', CASE WHEN json_extract(c.value, '$.permitted') THEN json_extract(c.value, '$.name') ELSE '[withheld]' END,
          'duration_ms', json_extract(c.value, '$.duration_ms'),
          'permitted', json(CASE WHEN json_extract(c.value, '$.permitted') THEN 'true' ELSE 'false' END),
          'success', json(CASE WHEN json_extract(c.value, '$.success') THEN 'true' ELSE 'false' END)))
        FROM json_each("TraceContent"."outcome", '$.tool_calls') c)) END`,
    postgresql: `"inputs" = (COALESCE((SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each("inputs"::jsonb) e
          WHERE e.key IN (${INPUTS})), '{}') || jsonb_build_object('messages', COALESCE(
        (SELECT jsonb_agg(jsonb_build_object('role', m.value -> 'role')) FROM jsonb_array_elements(
          CASE jsonb_typeof("inputs"::jsonb -> 'messages') WHEN 'array' THEN "inputs"::jsonb -> 'messages' ELSE '[]' END)
          AS m(value)), '[]')))::text,
      "outcome" = CASE WHEN "outcome" IS NULL THEN NULL ELSE json_build_object('tool_calls', COALESCE(
        (SELECT json_agg(json_build_object(
          'id', CASE WHEN (c.value ->> 'id') ${PLAIN_POSTGRESQL} THEN c.value ->> 'id' ELSE '' END,
          'name', CASE WHEN (c.value ->> 'permitted') = 'true' THEN c.value ->> 'name' ELSE '[withheld]' END,
          'duration_ms', c.value -> 'duration_ms',
          'permitted', COALESCE((c.value ->> 'permitted') = 'true', false),
          'success', COALESCE((c.value ->> 'success') = 'true', false)))
        FROM jsonb_array_elements(CASE jsonb_typeof("outcome"::jsonb -> 'tool_calls')
          WHEN 'array' THEN "outcome"::jsonb -> 'tool_calls' ELSE '[]' END) AS c(value)), '[]'))::text END`,
  },
)

// A type of errors is a word of a program, or it is none.
const bareSpan = (more = '') => ({
  sqlite: `"content" = '{}', "facts" = '{}', "statusMessage" = NULL,
    "errorType" = CASE WHEN ${plainSqlite('"errorType"')} THEN "errorType" END${more}`,
  postgresql: `"content" = '{}', "facts" = '{}', "statusMessage" = NULL,
    "errorType" = CASE WHEN "errorType" ${PLAIN_POSTGRESQL} THEN "errorType" END${more}`,
})

const ALWAYS = [
  ...EMPTY_DERIVED,
  deleteOf({ name: 'tracing.reduce-events', table: 'SpanEvent' }),
  deleteOf({ name: 'tracing.reduce-text', table: 'TraceText' }),
]

const traceTo = (storage: 'summary' | 'minimal', more = '') =>
  updateOf(
    { name: `tracing.${storage}-trace`, table: 'Trace', column: 'id' },
    `"storage" = '${storage}', "error" = NULL${more}`,
  )

// Hashes of steps stay as they were: they still match what the audit log sealed, though not the data any more.
export const REDUCTIONS = {
  summary: [
    ...ALWAYS,
    contentToSummary,
    stepsTo('tracing.summary-steps', SUMMARY),
    updateOf({ name: 'tracing.summary-spans', table: 'TraceSpan' }, bareSpan()),
    traceTo('summary'),
  ],
  minimal: [
    ...ALWAYS,
    deleteOf({ name: 'tracing.minimal-content', table: 'TraceContent' }),
    deleteOf({ name: 'tracing.minimal-labels', table: 'TraceLabel' }),
    deleteOf({ name: 'tracing.minimal-annotations', table: 'TraceAnnotation' }),
    stepsTo('tracing.minimal-steps', MINIMAL),
    updateOf(
      { name: 'tracing.minimal-spans', table: 'TraceSpan' },
      bareSpan(`, "name" = "kind", "toolName" = NULL, "toolCallId" = NULL, "flags" = '[]'`),
    ),
    traceTo('minimal', `, "name" = NULL, "skillVersions" = '{}'`),
  ],
} as const
