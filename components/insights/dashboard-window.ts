import type { Filters } from '@/components/table/use-filters'
import type { CostDashboard } from '@/lib/insights/contract'
import type { Wire } from '@/lib/shared/api-client'
import { untilEnd } from './insights-words'

// The list of exactly those traces that the figures of the window count.
export const windowOf = (coverage: CostDashboard['coverage'], filters: Filters): Wire => {
  const { workspace_id: workspace } = filters.wire
  return {
    start_date: coverage.time_window.start,
    end_date: untilEnd(coverage.time_window.end),
    ...(workspace === undefined ? {} : { workspace_id: workspace }),
  }
}
