import type { DecisionDetail, DecisionView } from '@/lib/governance/contract'
import { tableLines } from '../table'

// What agents and backends say is data: no sequence in it may steer the terminal of who decides.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

const escaped = (character: string): string => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`

export const plain = (text: string): string => text.replace(UNSAFE, escaped)

const minutesLeft = (expiresAt: string | null, nowMs: number): string => {
  if (expiresAt === null) return '-'
  const left = Math.ceil((Date.parse(expiresAt) - nowMs) / 60_000)
  return left > 0 ? `${left} min left` : 'over'
}

const COLUMNS = ['decision', 'status', 'tool', 'workspace', 'risk', 'role', 'time'] as const

export const tableOf = (decisions: readonly DecisionView[], nowMs: number): string[] => {
  const rows = decisions.map((one) => [
    one.decision_id,
    one.status,
    plain(one.tool ?? one.subject).slice(0, 40),
    `${plain(one.workspace_id)}/${plain(one.environment)}`,
    one.risk_level ?? '-',
    one.required_role ?? '-',
    one.status === 'pending' ? minutesLeft(one.expires_at, nowMs) : (one.resolved_by ?? '-'),
  ])
  return tableLines(COLUMNS, rows)
}

const fact = (name: string, value: string | number | null): string[] =>
  value === null ? [] : [`${name.padEnd(14)} ${plain(String(value))}`]

const actionLines = ({ action, withheld }: DecisionDetail): string[] => {
  if (withheld) return ['The arguments are withheld: it is decided, and this role may not read payloads.']
  const lines = JSON.stringify(action, null, 2).split('\n')
  return ['What would be done (redacted):', ...lines.map((line) => `  ${plain(line)}`)]
}

/** All that a person needs to decide. */
export const detailOf = (one: DecisionDetail): string[] => [
  ...fact('decision', one.decision_id),
  ...fact('status', one.status),
  ...fact('tool', one.tool),
  ...fact('where', `${one.workspace_id}/${one.environment}`),
  ...fact('agent', one.adapter_id ?? one.agent_role),
  ...fact('for user', one.user_id),
  ...fact('asked by', one.requested_by),
  ...fact('risk', one.risk_level === null ? null : `${one.risk_level} (${one.risk_score ?? '?'})`),
  ...fact('because', one.explanation),
  ...fact('policies', one.matched_policies.join(', ') || null),
  ...fact('needs role', one.required_role),
  ...fact('until', one.expires_at),
  ...fact('decided by', one.resolved_by),
  ...fact('reason', one.resolution?.justification ?? null),
  ...fact('used', one.used_at),
  ...fact('trace', one.trace_id),
  ...fact('action hash', one.action_hash),
  ...actionLines(one),
  ...(one.status === 'pending' && !one.can_approve ? [`You cannot approve it: ${one.why_not ?? 'unknown'}.`] : []),
]
