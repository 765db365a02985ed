import type { TraceSummary } from '@/lib/tracing/contract'
import { kindWords } from './run-words'

type Named = Pick<TraceSummary, 'name' | 'agent_role' | 'kind'>

export const TRACES_TEXT = 'Every run of an agent, made here or sent in: how it went, what it cost, how long it took.'
export const SESSIONS_TEXT = 'Runs that belong to one conversation, with what it has cost so far.'
export const STATS_TEXT = 'How many runs, how they went, what they cost and how long they took.'
export const INGEST_TEXT =
  'Spans that other programs send by OpenTelemetry: what arrived, and what was refused and why.'

export const runName = ({ name, agent_role: role, kind }: Named): string => name ?? role ?? kindWords(kind)

const ORIGINS: Readonly<Record<string, string>> = { run: 'Own run', replay: 'Replay', otlp: 'OpenTelemetry' }

export const originWords = (origin: string): string => ORIGINS[origin] ?? origin

export const traceHref = (id: string): string => `/ops/traces/${encodeURIComponent(id)}`

export const tracesHref = (query: Record<string, string>): string => `/ops/traces?${new URLSearchParams(query)}`

export const sessionHref = (key: string): string => `/ops/sessions/runs?${new URLSearchParams({ session_key: key })}`

export const diffHref = (base: string, compare: string): string => `/ops/diff?${new URLSearchParams({ base, compare })}`

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`

const STATUSES: Readonly<Record<string, string>> = {
  success: 'Succeeded',
  error: 'Failed',
  timeout: 'Timed out',
  cancelled: 'Cancelled',
  running: 'Running',
  paused: 'Waits for approval',
}

export const statusWords = (status: string): string => STATUSES[status] ?? status
