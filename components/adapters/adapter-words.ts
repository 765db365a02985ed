import type { AgentView } from './use-agents'

export const AGENTS_TEXT =
  'Agents that run elsewhere and ask here before they act: who they are, what was granted, and how far their reports can be believed.'

export const POSTURES: Record<AgentView['posture']['status'], { word: string; means: string }> = {
  ENFORCED: { word: 'Enforced', means: 'Where no policy speaks, a fallback or the strict mode has the last word.' },
  DEGRADED: {
    word: 'Degraded',
    means: 'No fallback policy is on: where no policy speaks, all is refused.',
  },
  DISABLED: { word: 'Not governed', means: 'The mode is permissive: where no policy speaks, all is allowed.' },
}

export const TIERS: Readonly<Record<string, string>> = {
  verified: 'Verified',
  community: 'Community',
  experimental: 'Experimental',
}

export const sumOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0)

export const signedShare = ({ reports }: Pick<AgentView, 'reports'>): number | null => {
  const told = (reports['signed'] ?? 0) + (reports['self_attested'] ?? 0)
  return told === 0 ? null : (reports['signed'] ?? 0) / told
}

export const decisionsOf = (id: string): string =>
  `/ops/approvals?${new URLSearchParams({ tab: 'all', adapter_id: id })}`
