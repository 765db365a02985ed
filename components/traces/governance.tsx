import { Ban, ScanSearch } from 'lucide-react'
import { plural } from '@/components/traces/trace-words'
import { Card } from '@/components/ui/card'
import type { TraceDetail } from '@/lib/tracing/contract'

// What the rules had to say about this run.
export const Governance = ({ trace }: { trace: TraceDetail }) => {
  const { permission_denials: denials } = trace.governance_signals
  const { redaction_info: redaction } = trace
  const keyed = denials.map((denial, at) => ({ ...denial, key: `${at} ${denial.tool_name}` }))
  return (
    <Card title="Governance">
      <ul className="grid gap-2 text-table">
        {keyed.map(({ key, tool_name: tool, reason }) => (
          <li key={key} className="flex gap-2">
            <Ban aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
            <span className="min-w-0 break-words">
              <code className="font-mono text-meta">{tool}</code> was refused
              {reason === '' ? '' : `: ${reason}`}
            </span>
          </li>
        ))}
        {denials.length === 0 ? <li className="text-ink-muted">No tool was refused.</li> : null}
        <li className="flex gap-2 text-ink-muted">
          {redaction.applied ? <ScanSearch aria-hidden className="mt-0.5 size-4 shrink-0" /> : null}
          {redaction.applied
            ? `${plural(redaction.count, 'place')} taken out before it was stored: ${redaction.types_detected.join(', ')}.`
            : 'Nothing had to be taken out before it was stored.'}
        </li>
      </ul>
    </Card>
  )
}
