import { CircleCheck, CircleDashed, CircleHelp, CircleX, Hourglass, LoaderCircle, type LucideIcon } from 'lucide-react'
import type { Tone } from '@/components/ui/badge'
import type { CheckName, CheckState, PromotionStatus, PromotionSummary } from '@/lib/promotion/contract'

export const PROMOTIONS_TEXT =
  'What goes from one environment to the next: what it has shown, who said yes, and the way back.'

export const STATUSES: Record<PromotionStatus, { words: string; tone: Tone }> = {
  checking: { words: 'Being checked', tone: 'info' },
  blocked: { words: 'Blocked', tone: 'bad' },
  waiting: { words: 'Passed its checks', tone: 'warn' },
  executed: { words: 'Executed', tone: 'ok' },
  rejected: { words: 'Rejected', tone: 'bad' },
  cancelled: { words: 'Cancelled', tone: 'system' },
  failed: { words: 'Failed', tone: 'bad' },
  rolled_back: { words: 'Rolled back', tone: 'warn' },
}

const WAITS: Record<PromotionSummary['waits_for'][number], string> = {
  checks: 'its checks',
  approvals: 'approvals',
  soak_time: 'its soak time',
  apply_at: 'its moment',
}

export const waitsWords = ({ waits_for: waits }: Pick<PromotionSummary, 'waits_for'>): string | null =>
  waits.length === 0 ? null : `waits for ${waits.map((one) => WAITS[one]).join(', ')}`

export const CHECKS: Record<CheckName, string> = {
  source_env_exists: 'The source is there',
  source_has_version: 'The source runs a version',
  target_unlocked: 'The target is not locked',
  workspace_pinned: 'All its files are kept',
  gates: 'The gates can be read',
  deprecated_skills: 'No deprecated skills',
  skill_tests: 'Tests of its skills',
  permission_widening: 'What it may do',
  prompt_size: 'Size of the prompt',
  eval_baseline: 'Evaluations against the target',
  impact_reviewed: 'Recent runs, replayed',
  cost_forecast: 'Cost and budget',
  risk_delta: 'Risk',
  evidence_fresh: 'The evidence is fresh',
  soak_time: 'Soak time',
  approvals: 'Approvals',
}

export const STATES: Record<CheckState, { words: string; icon: LucideIcon; look: string }> = {
  waiting: { words: 'Not yet', icon: CircleDashed, look: 'text-ink-muted' },
  running: { words: 'Running', icon: LoaderCircle, look: 'text-info' },
  pass: { words: 'Pass', icon: CircleCheck, look: 'text-ok' },
  fail: { words: 'Fail', icon: CircleX, look: 'text-bad' },
  inconclusive: { words: 'Inconclusive', icon: CircleHelp, look: 'text-warn' },
}

type Judged = { name: CheckName; status: CheckState }

// An approval and a soak time are awaited; whatever else fails has to be mended.
const AWAITED: readonly CheckName[] = ['approvals', 'soak_time']

export const isAwaited = ({ name, status }: Judged): boolean => status === 'fail' && AWAITED.includes(name)

export const AWAITED_STATE = { words: 'Awaited', icon: Hourglass, look: 'text-warn' }

/** Where the checks stand, in one sentence. */
export const tallyOf = (checks: readonly Judged[]): string => {
  const awaited = checks.filter(isAwaited).length
  const judged = checks.filter((check) => !isAwaited(check))
  const count = (state: CheckState): number => judged.filter(({ status }) => status === state).length
  const open = count('waiting') + count('running')
  return [
    `${count('pass')} of ${checks.length} pass`,
    count('fail') > 0 ? `${count('fail')} fail` : null,
    count('inconclusive') > 0 ? `${count('inconclusive')} inconclusive` : null,
    awaited > 0 ? `${awaited} awaited` : null,
    open > 0 ? `${open} on the way` : null,
  ]
    .filter(Boolean)
    .join(', ')
}

export const mustBeMended = (checks: readonly Judged[]): CheckName[] =>
  checks.filter((check) => check.status === 'fail' && !isAwaited(check)).map(({ name }) => name)
