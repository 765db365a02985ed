import type { Cleaner } from '@/lib/core/redaction/tenant'
import type { Scope } from '@/lib/core/scope'
import { getTrace, readRecord, type TraceRecord } from '@/lib/tracing'
import { type KeptFile, snapshotFiles } from '@/lib/workspace'
import type { ReplayContext } from '../contract'
import { findRun } from './recorded-run'

type Json = Record<string, unknown>

const WITHHELD = '[Sensitive content withheld]'

const listOf = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : [])
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null)

type Shown = (value: unknown) => string | null

const requestOf = ({ inputs }: TraceRecord, isOpen: boolean, shown: Shown): ReplayContext['original_request'] => ({
  message: shown(inputs['message']),
  messages: listOf(inputs['messages']).map(({ role, content }) => ({ role: String(role), content: shown(content) })),
  metadata: isOpen ? ((inputs['metadata'] ?? {}) as Json) : {},
})

const filesOf = (files: readonly KeptFile[], cleaner: Cleaner, shown: Shown): Record<string, string | null> =>
  Object.fromEntries(files.map(({ path, text }) => [path, text === null ? null : shown(cleaner.text(text))]))

// Models make up names of tools; those that were offered are the operator's.
const toolsOf = ({ inputs }: TraceRecord, shown: Shown): ReplayContext['tools'] =>
  listOf(inputs['tools']).map(({ name, description }) => ({ name: String(name), description: shown(description) }))

/** All that a run was given. Files of a workspace are redacted here, as every text is. */
export const replayContext = async (scope: Scope, id: string): Promise<ReplayContext> => {
  const record = await readRecord(scope, id)
  const { trace } = await getTrace(scope, record.id)
  const found = findRun(record, scope.redaction)
  const isOpen = !trace.withheld
  const shown: Shown = (value) => (textOf(value) === null ? null : isOpen ? textOf(value) : WITHHELD)
  const { workspaceHash: hash, inputs } = record
  const files = hash === null ? [] : await snapshotFiles(scope, hash)
  return {
    trace_id: record.id,
    original_request: requestOf(record, isOpen, shown),
    workspace_snapshot: { hash, files: filesOf(files, scope.redaction, shown) },
    skill_versions: trace.skill_versions,
    model: trace.model,
    provider: trace.provider,
    temperature: numberOf(inputs['temperature']),
    max_tokens: numberOf(inputs['max_tokens']),
    system_prompt: shown(inputs['system_prompt']),
    tools: toolsOf(record, shown),
    steps: trace.steps,
    is_replayable: typeof found !== 'string',
    reason: typeof found === 'string' ? found : null,
    withheld: !isOpen,
  }
}
