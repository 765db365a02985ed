import type { z } from 'zod'
import type { CanaryComparison } from '@/lib/workspace/contract/canary'
import type { CanaryView, EnvironmentView, PinChangeView, PinView } from '@/lib/workspace/contract/environments'
import { plain } from '../approvals/show'
import { tableLines } from '../table'

type Comparison = z.output<typeof CanaryComparison>

const SHOWN_DIGITS = 12
const short = (hash: string | undefined): string => hash?.slice(0, SHOWN_DIGITS) ?? '-'

const trialOf = (canary: CanaryView | null | undefined): string => {
  if (!canary) return '-'
  const named = canary.users.length === 0 ? '' : ` and ${canary.users.length} by name`
  return `${short(canary.version_hash)} for ${canary.percent} %${named}`
}

export const environmentLines = (environments: readonly EnvironmentView[]): string[] =>
  tableLines(
    ['environment', 'version', 'canary', 'model', 'state'],
    environments.map(({ environment, pin, is_default: isDefault, gated, locked }) => [
      plain(environment),
      short(pin?.version_hash),
      trialOf(pin?.canary),
      plain([pin?.provider_pin, pin?.model_pin].filter((one) => one != null).join('/') || '-'),
      [...(isDefault ? ['default'] : []), ...(gated ? ['gated'] : []), ...(locked ? ['locked'] : [])].join(', ') || '-',
    ]),
  )

export const pinLine = ({ environment, version_hash: hash, canary, revision }: PinView): string => {
  const trial = canary === null ? '' : `, with a canary of ${trialOf(canary)}`
  return `${plain(environment)} runs ${short(hash)}${trial} (revision ${revision})`
}

export const historyLines = (changes: readonly PinChangeView[]): string[] =>
  tableLines(
    ['when', 'environment', 'what', 'before', 'after', 'by', 'why'],
    changes.map((one) => [
      one.changed_at,
      plain(one.environment),
      one.kind,
      short(one.before?.version_hash),
      short(one.after?.version_hash),
      plain(one.changed_by),
      plain(one.reason ?? ''),
    ]),
  )

const PER_CENT = 100
const share = (rate: number | null): string => (rate === null ? '-' : `${(rate * PER_CENT).toFixed(1)} %`)
const time = (ms: number | null): string => (ms === null ? '-' : `${ms} ms`)

export const armLines = ({ stable, canary, error_rate_difference: difference }: Comparison): string[] => [
  ...tableLines(
    ['arm', 'version', 'runs', 'errors', 'p50', 'p95', 'cost'],
    (
      [
        ['stable', stable],
        ['canary', canary],
      ] as const
    ).map(([name, arm]) => [
      name,
      short(arm.version_hash),
      String(arm.runs),
      share(arm.error_rate),
      time(arm.p50_duration_ms),
      time(arm.p95_duration_ms),
      `$${arm.total_cost.toFixed(4)}`,
    ]),
  ),
  `errors: ${difference === null ? 'nothing to compare yet' : difference.verdict.replaceAll('_', ' ')}`,
]
