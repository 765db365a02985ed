import type { SpanDetail, SpanRow } from './contract/spans'
import { NAMELESS } from './present'
import { CODE, isName, shownName } from './shown-name'

// What readers see who may not see texts. A tool that there is not was made up by a model.

type Known = ReadonlySet<string>

const toolName = (name: string | null, known: Known): string | null =>
  name === null || (known.has(name) && isName(name)) ? name : NAMELESS

const isMadeUp = ({ kind, tool_name: tool, status }: SpanRow, known: Known): boolean =>
  kind === 'tool' && (tool === null ? status === 'error' : toolName(tool, known) !== tool)

export const bareRow = <T extends SpanRow>(row: T, known: Known): T => ({
  ...row,
  name: isMadeUp(row, known) ? `${row.kind} ${NAMELESS}` : shownName(row.name, row.kind),
  tool_name: toolName(row.tool_name, known),
})

const BARE_ATTEMPT: readonly string[] = [
  ...['attempt', 'attempt_id', 'retry_of', 'fallback', 'outcome', 'billable', 'finish_reason', 'status'],
  ...['usage_estimated', 'has_tool_calls', 'permitted', 'success', 'tools_offered', 'input_messages'],
]

const only = (all: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(all).filter(([key]) => keys.includes(key)))

const figures = (all: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(all).filter(([key, value]) => CODE.test(key) && ['number', 'boolean'].includes(typeof value)),
  )

export const bareDetail = (span: SpanDetail, known: Known): SpanDetail => ({
  ...bareRow(span, known),
  scope: span.scope === null ? null : { ...span.scope, name: shownName(span.scope.name, ''), schema_url: '' },
  resource: {},
  response_id: null,
  error_type: span.error_type !== null && CODE.test(span.error_type) ? span.error_type : null,
  finish_reasons: span.finish_reasons.filter((reason) => CODE.test(reason)),
  grouping: {},
  attempt: span.attempt === null ? null : only(span.attempt, BARE_ATTEMPT),
  mapped_by: Object.fromEntries(
    Object.entries(span.mapped_by).filter(([field, rule]) => isName(field) && isName(rule)),
  ),
  content: null,
  tool:
    span.tool === null ? null : { name: toolName(span.tool.name, known), call_id: null, arguments: null, result: null },
  params: figures(span.params),
  attributes: {},
  events: span.events.filter(({ name }) => CODE.test(name)).map((event) => ({ ...event, attributes: {} })),
  links: span.links.map((link) => ({ ...link, attributes: {} })),
  status_message: null,
  withheld: true,
})
