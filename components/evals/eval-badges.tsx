import {
  Ban,
  CircleCheck,
  CircleHelp,
  CircleX,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
  TriangleAlert,
} from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import type { ComparedCase } from '@/lib/evals/contract'
import { CASE_STATUSES, type CaseStatus, CHANGES, STATUSES, type Status } from './eval-words'

const ICONS: Record<Status | CaseStatus, LucideIcon> = {
  passed: CircleCheck,
  failed: CircleX,
  error: TriangleAlert,
  inconclusive: CircleHelp,
  running: LoaderCircle,
  pending: Hourglass,
  cancelled: Ban,
}

export const EvalStatus = ({ status }: { status: Status }) => (
  <Badge tone={STATUSES[status].tone} icon={ICONS[status]}>
    {STATUSES[status].name}
  </Badge>
)

export const CaseBadge = ({ status }: { status: CaseStatus }) => (
  <Badge tone={CASE_STATUSES[status].tone} icon={ICONS[status]}>
    {CASE_STATUSES[status].name}
  </Badge>
)

export const ChangeBadge = ({ change }: Pick<ComparedCase, 'change'>) => (
  <Badge tone={CHANGES[change].tone}>{CHANGES[change].name}</Badge>
)
