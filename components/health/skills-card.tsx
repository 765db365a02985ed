import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import type { OpsHealth } from '@/lib/jobs/contract/health'

type Skills = OpsHealth['skills']

const summaryOf = ({ enabled, total }: Skills): string => {
  if (total === 0) return 'The workspace has no skills.'
  return enabled === total ? `All ${total} are on.` : `${enabled} of ${total} are on.`
}

export const SkillsCard = ({ skills }: { skills: Skills }) => (
  <Card title="Skills" flush>
    <p className="px-4 py-3 text-ink text-table">{summaryOf(skills)}</p>
    {skills.off.length > 0 ? (
      <ul aria-label="Skills that are off" className="divide-y divide-line border-line border-t">
        {skills.off.map(({ name, reason }) => (
          <li key={name} className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1.5 text-table">
            <span className="font-mono text-ink text-meta">{name}</span>
            <Badge>Off</Badge>
            <span className="min-w-0 break-words text-ink-muted">{reason}</span>
          </li>
        ))}
      </ul>
    ) : null}
    {skills.warnings.length > 0 ? (
      <ul aria-label="Warnings of skills" className="divide-y divide-line border-line border-t">
        {skills.warnings.map((warning) => (
          <li key={warning} className="break-words px-4 py-2 text-table text-warn">
            {warning}
          </li>
        ))}
      </ul>
    ) : null}
  </Card>
)
