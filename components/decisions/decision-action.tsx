'use client'

import { useState } from 'react'
import { jsonText, LongText } from '@/components/spans/long-text'
import { Withheld } from '@/components/spans/withheld'
import { Button } from '@/components/ui/button'
import type { DecisionDetail } from '@/lib/governance/contract'
import { RevealArguments } from './reveal-arguments'

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

// What stands elsewhere on the panel is not said twice.
const SAID = ['tool', 'workspaceId', 'environment', 'key']

const shownOf = (action: unknown): { label: string; value: unknown } => {
  if (!isObject(action)) return { label: 'Action', value: action }
  const rest = Object.fromEntries(Object.entries(action).filter(([name]) => !SAID.includes(name)))
  const names = Object.keys(rest)
  return names.length === 1 && names[0] === 'arguments'
    ? { label: 'Arguments', value: rest['arguments'] }
    : { label: 'Action', value: rest }
}

/** What would be done, as far as the viewer may see it. */
export const DecisionAction = ({ decision }: { decision: DecisionDetail }) => {
  const [exact, setExact] = useState<Json | null>(null)
  const [isAsking, setAsking] = useState(false)
  if (decision.withheld)
    return (
      <Withheld
        what={
          decision.status === 'pending'
            ? 'What it is about is shown to those who may decide'
            : 'What it was about is withheld now that it is decided'
        }
      />
    )
  const shown = exact === null ? shownOf(decision.action) : { label: 'Arguments, unredacted', value: exact }
  return (
    <section aria-label="Action" className="grid gap-2">
      <h3 className="flex flex-wrap items-center justify-between gap-2 font-semibold text-ink text-table">
        <span className="min-w-0 break-all">
          {decision.tool === null ? 'What would be done' : <code className="font-mono">{decision.tool}</code>}
        </span>
        {decision.can_reveal && exact === null ? (
          <Button size="small" onClick={() => setAsking(true)}>
            Show exactly…
          </Button>
        ) : null}
      </h3>
      <LongText label={shown.label} text={jsonText(shown.value)} />
      {exact === null ? (
        <p className="text-ink-muted text-meta">
          Redacted for people. An approval holds for these very bytes and for nothing else.
        </p>
      ) : null}
      <RevealArguments id={decision.decision_id} open={isAsking} onOpenChange={setAsking} onShown={setExact} />
    </section>
  )
}
