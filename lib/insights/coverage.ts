import type { Scope } from '@/lib/core/scope'
import { rulesOf } from '@/lib/retention'
import { toWire } from '@/lib/shared/time'
import type { Coverage } from './contract/coverage'
import type { Days } from './days'

const PLURAL = (count: number): string => (count === 1 ? 'last day' : `last ${count} days`)

export const coverageOf = async (scope: Scope, { start, end, names }: Days): Promise<Coverage> => {
  const rules = await rulesOf(scope.db)
  const isSampled = rules.sampling_strategy !== 'full'
  const aged = names.length > rules.retention_days ? `; traces older than ${rules.retention_days} days are gone` : ''
  return {
    retention_mode: rules.storage_mode,
    sampling_strategy: isSampled ? rules.sampling_strategy : null,
    time_window: { start: toWire(start), end: toWire(end) },
    disclaimer: `Metrics based on ${rules.storage_mode} traces, ${PLURAL(names.length)}${aged}`,
  }
}
