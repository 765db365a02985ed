import type { TraceSummary } from './contract'

// One line of a file for each trace; nested parts are flat here.
export const EXPORT_COLUMNS = [
  ...['id', 'started_at', 'completed_at', 'duration_ms', 'status', 'error_code', 'origin', 'kind', 'name'],
  ...['workspace_id', 'environment', 'workspace_hash', 'user_id', 'agent_role', 'session_key', 'provider', 'model'],
  ...['input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_tokens', 'reasoning_tokens', 'total_tokens'],
  ...['total_cost', 'total_cost_micro_usd', 'usage_estimated', 'step_count', 'span_count', 'tool_call_count'],
  ...['error_count', 'risk_score', 'risk_level', 'trust_status', 'task_id', 'document_id', 'message_id'],
  ...['correlation_id', 'replay_of', 'skill_versions', 'labels', 'annotations', 'adapter_id', 'execution_id'],
] as const
// Texts: only for readers who may see them.
export const OPEN_COLUMNS = ['error', 'input', 'output'] as const

export type Line = Readonly<Record<string, unknown>>

export const lineOf = (trace: TraceSummary): Line => {
  const { usage, risk, cost: _, tokens: __, integrity: ___, ...plain } = trace
  return { ...plain, ...usage, risk_score: risk?.score ?? null, risk_level: risk?.level ?? null }
}

const isNumber = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text)

const plainOf = (value: unknown): string => {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

// A spreadsheet takes a cell that begins with one of these signs for a formula.
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/

/** One cell as every spreadsheet reads it: as the text that it is. */
export const csvCell = (value: unknown): string => {
  const text = plainOf(value)
  const isCalculated = FORMULA.test(text.trimStart()) || FORMULA.test(text)
  const safe = isCalculated && !(typeof value === 'number' && isNumber(text)) ? `'${text}` : text
  return /[",\r\n']|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const csvLine = (columns: readonly string[], line: Line): string =>
  `${columns.map((name) => csvCell(line[name])).join(',')}\r\n`

export const jsonLine = (columns: readonly string[], line: Line): string =>
  `${JSON.stringify(Object.fromEntries(columns.map((name) => [name, line[name] ?? null])))}\n`
