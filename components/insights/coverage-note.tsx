import { Info } from 'lucide-react'
import type { CostDashboard } from '@/lib/insights/contract'

const SAMPLED = 'Only a sample of the runs is kept, so these figures are lower than what really happened.'

export const CoverageNote = ({ coverage }: { coverage: CostDashboard['coverage'] }) => (
  <p className="flex items-start gap-2 text-ink-muted text-meta">
    <Info aria-hidden className="mt-px size-3.5 shrink-0" />
    <span>
      {coverage.disclaimer}. Days are those of UTC. {coverage.sampling_strategy === null ? null : SAMPLED}
    </span>
  </p>
)
