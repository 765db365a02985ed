import type { DecisionPage } from '@/lib/governance/contract'
import type { OverviewView } from '../contract'

/** How much waits for those who may decide, whether or not this person may decide each of it. */
export const approvalsOf = (page: DecisionPage | null): OverviewView['approvals'] =>
  page === null ? null : { pending: page.pending }
