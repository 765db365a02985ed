import { z } from 'zod'
import { DecisionFilter, opsListDecisions } from '@/lib/governance/contract'
import type { Wire } from '@/lib/shared/api-client'

const TABS = ['waiting', 'decided', 'all'] as const
export type Tab = (typeof TABS)[number]

// The page knows which tab is open; the call knows only filters.
export const approvalsPage = {
  ...opsListDecisions,
  query: DecisionFilter.extend({ tab: z.enum(TABS).optional() }),
}

const NARROWED: Record<Tab, Wire> = {
  waiting: { status: 'pending' },
  decided: { decision: 'require_approval' },
  all: {},
}

export const tabOf = (wire: Wire): Tab => TABS.find((tab) => tab === wire['tab']) ?? 'waiting'

/** What the call is asked for: the tab narrows, and a filter of the same name wins. */
export const callWire = (wire: Wire): Wire => {
  const { tab: _tab, ...rest } = wire
  return { ...NARROWED[tabOf(wire)], ...rest }
}
