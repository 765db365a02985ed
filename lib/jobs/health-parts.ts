import { backendFacts, probeBackend } from '@/lib/control-plane'
import type { providersHealth } from '@/lib/providers'
import type { PartStatus } from './contract/health'

type Models = ReturnType<typeof providersHealth>

const isPaused = ({ cooldowns }: Models, one: Models['default']): boolean =>
  cooldowns.some(({ provider, model }) => provider === one.provider && model === one.model)

// Whether somebody would answer now: the model of runs, or at least the one that stands in for it.
export const modelsStatus = (models: Models): PartStatus => {
  const { default: first, fallback } = models
  const isFirstWell = first.has_key && !isPaused(models, first)
  if (isFirstWell) return fallback === null || fallback.has_key ? 'ok' : 'degraded'
  if (fallback?.has_key && !isPaused(models, fallback)) return 'degraded'
  return first.has_key ? 'error' : 'missing'
}

export type BackendPart = ReturnType<typeof backendFacts> & {
  status: PartStatus
  checkedAt: Date | null
  latencyMs: number | null
  error: string | null
}

export const backendPart = async (deep: boolean): Promise<BackendPart> => {
  const facts = backendFacts()
  if (!deep) {
    const status = facts.isResting ? 'degraded' : 'unchecked'
    return { ...facts, status, checkedAt: null, latencyMs: null, error: null }
  }
  const { status, checkedAt, latencyMs, error = null } = await probeBackend()
  return { ...facts, status, checkedAt, latencyMs, error }
}

const WELL: readonly PartStatus[] = ['ok', 'unchecked']

export const worstOf = (parts: readonly PartStatus[]): 'ok' | 'degraded' =>
  parts.every((status) => WELL.includes(status)) ? 'ok' : 'degraded'
