import { Stethoscope } from 'lucide-react'
import type { ReactNode } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Facts } from '@/components/ui/facts'
import { formatDuration } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import type { OpsHealth } from '@/lib/jobs/contract/health'
import { PartBadge } from './part-status'

type Backend = OpsHealth['backend']
type BackendProps = { backend: Backend; onCheck: () => void; isChecking: boolean; error: unknown }
type Fact = { name: string; value: ReactNode }

const reachFact = ({ checked_at, error, latency_ms, is_resting }: Backend): Fact => {
  if (checked_at === null)
    return { name: 'Reached', value: is_resting ? 'Calls failed in a row and are held back' : 'Not asked yet' }
  const when = <RelativeTime iso={checked_at} className="text-ink-muted" />
  return {
    name: 'Reached',
    value: error ? (
      <>
        No: it {error} · {when}
      </>
    ) : (
      <>
        In {formatDuration(latency_ms ?? 0)} · {when}
      </>
    ),
  }
}

const contractFacts = ({ contract }: Backend): Fact[] =>
  contract === null
    ? []
    : [
        {
          name: 'Contract',
          value: contract.compatible
            ? `${contract.version ?? 'unknown'}, compatible`
            : (contract.error ?? 'not compatible'),
        },
        {
          name: 'Lacks',
          value: [...contract.missing_features, ...contract.warnings].join(' · ') || 'nothing',
        },
      ]

export const BackendCard = ({ backend, onCheck, isChecking, error }: BackendProps) => (
  <Card
    title="Backend"
    actions={
      <span className="flex items-center gap-2">
        <PartBadge status={backend.status} />
        <Button size="small" onClick={onCheck} pending={isChecking}>
          {isChecking ? null : <Stethoscope aria-hidden className="size-3.5" />} Check now
        </Button>
      </span>
    }
  >
    <div className="grid gap-3">
      {error ? <ErrorLine error={error} /> : null}
      <Facts
        facts={[
          { name: 'Address', value: <span className="break-all font-mono text-meta">{backend.url}</span> },
          reachFact(backend),
          ...contractFacts(backend),
        ]}
      />
    </div>
  </Card>
)
