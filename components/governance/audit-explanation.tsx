import type { z } from 'zod'
import { Facts } from '@/components/ui/facts'
import type { AuditDetail } from '@/lib/governance/contract'

type Detail = z.infer<typeof AuditDetail>

const told = (keys: readonly string[], data: Record<string, unknown> | null): string =>
  keys.filter((key) => data !== null && Object.hasOwn(data, key)).join(', ')

export const AuditExplanation = ({ detail }: { detail: Detail }) => {
  const { explanation, entry } = detail
  return (
    <div className="grid gap-3">
      <p className="text-ink text-table">{explanation.means}.</p>
      <Facts
        facts={[
          { name: 'Group', value: explanation.group },
          { name: 'Written by', value: explanation.written_by },
          { name: 'May carry', value: explanation.keys.join(', ') || 'nothing of its own' },
          { name: 'Carries here', value: told(explanation.keys, entry.event_data) || 'none of these' },
        ]}
      />
    </div>
  )
}
