import type { Check, Promotion, PromotionSummary } from '@/lib/promotion/contract'
import { plain } from '../approvals/show'
import { tableLines } from '../table'

const COLUMNS = ['promotion', 'way', 'version', 'status', 'waits for', 'asked by'] as const

export const tableOf = (promotions: readonly PromotionSummary[]): string[] => {
  const rows = promotions.map((one) => [
    one.id,
    `${plain(one.source_env)} → ${plain(one.target_env)}`,
    one.is_canary ? `${one.version_hash} (canary)` : one.version_hash,
    one.status,
    one.waits_for.join(', ') || '-',
    plain(one.requested_by),
  ])
  return tableLines(COLUMNS, rows)
}

const MARKS: Readonly<Record<Check['status'], string>> = {
  pass: 'pass',
  fail: 'FAIL',
  inconclusive: '?',
  running: '…',
  waiting: '…',
}

export const checkLines = (checks: readonly Check[]): string[] =>
  checks.map(({ name, status, details }) => `  ${MARKS[status].padEnd(4)}  ${name.padEnd(20)}  ${plain(details ?? '')}`)

const fact = (name: string, value: string | null): string[] =>
  value === null || value === '' ? [] : [`${name.padEnd(14)} ${plain(value)}`]

/** All that a person needs to say yes or no. */
export const detailOf = (one: Promotion): string[] => [
  ...fact('promotion', one.id),
  ...fact('way', `${one.workspace_id}: ${one.source_env} → ${one.target_env}`),
  ...fact('version', `${one.version_hash}${one.is_canary ? ' (canary)' : ''}`),
  ...fact('replaces', one.previous_version_hash),
  ...fact('status', one.status),
  ...fact('waits for', one.waits_for.join(', ')),
  ...fact('asked by', one.requested_by),
  ...fact('note', one.note),
  ...fact('approvals', `${one.approvals.given} of ${one.approvals.required}`),
  ...one.approvals.items.flatMap(({ user_id: user, decision, why_not: why }) =>
    fact('', `${user}: ${decision}${why === null ? '' : ` (does not count: ${why})`}`),
  ),
  ...fact('applied at', one.apply_at),
  ...fact('executed by', one.executed_by),
  ...fact('taken back by', one.rolled_back_by),
  ...fact('failure', one.failure),
  ...fact('evidence', one.evidence_hash),
  ...fact('candidate', one.candidate_hash),
  ...checkLines(one.checks),
]
