'use client'

import { CircleCheck, OctagonX, TriangleAlert } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import { Field, Input } from '@/components/ui/field'
import { formatMoney, formatUtc } from '@/components/ui/format'
import { fieldErrors } from '@/components/ui/problem-fields'
import type { BudgetAnswer } from '@/lib/governance/contract'
import { scopeName } from './budget-words'
import { useAskBudget } from './use-budgets'

const MICRO = 1_000_000
const AMOUNT = /^\d{1,9}(?:\.\d{1,12})?$/

const WHO = [
  { name: 'workspace_id', label: 'Workspace' },
  { name: 'environment', label: 'Environment' },
  { name: 'agent_role', label: 'Role' },
  { name: 'user_id', label: 'User' },
] as const

type Who = Record<(typeof WHO)[number]['name'], string>

const NOBODY: Who = { workspace_id: '', environment: '', agent_role: '', user_id: '' }

const given = (who: Who): Partial<Who> =>
  Object.fromEntries(
    Object.entries(who).flatMap(([name, value]) => (value.trim() === '' ? [] : [[name, value.trim()]])),
  )

export const CheckCard = () => {
  const [amount, setAmount] = useState('')
  const [who, setWho] = useState(NOBODY)
  const ask = useAskBudget()
  const isReady = AMOUNT.test(amount)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (isReady) await ask.mutateAsync({ body: { estimated_cost: Number(amount), ...given(who) } }).catch(() => null)
  }
  return (
    <Card title="Would this fit?">
      <form onSubmit={(event) => void submit(event)} className="grid gap-4">
        <div className="grid gap-4 phone:grid-cols-2">
          <Field
            label="Cost, in USD"
            hint="Nothing is held by asking"
            error={amount === '' || isReady ? fieldErrors(ask.error)['estimated_cost'] : 'An amount, such as 0.25'}
          >
            {(wiring) => (
              <Input
                {...wiring}
                inputMode="decimal"
                value={amount}
                onChange={(event) => setAmount(event.target.value.trim())}
              />
            )}
          </Field>
          {WHO.map(({ name, label }) => (
            <Field key={name} label={label} error={fieldErrors(ask.error)[name]}>
              {(wiring) => (
                <Input
                  {...wiring}
                  placeholder="Any"
                  value={who[name]}
                  onChange={(event) => setWho({ ...who, [name]: event.target.value })}
                />
              )}
            </Field>
          ))}
        </div>
        <Button type="submit" className="justify-self-start" disabled={!isReady} pending={ask.isPending}>
          Check
        </Button>
        {ask.error ? <ErrorLine error={ask.error} /> : null}
        {ask.data ? <Verdict answer={ask.data.data} /> : null}
      </form>
    </Card>
  )
}

const LOOKS = {
  fits: { icon: CircleCheck, style: 'bg-ok-soft text-ok' },
  warns: { icon: TriangleAlert, style: 'bg-warn-soft text-warn' },
  refused: { icon: OctagonX, style: 'bg-bad-soft text-bad' },
} as const

const lookOf = ({ allowed, warnings, warning }: BudgetAnswer): keyof typeof LOOKS => {
  if (!allowed) return 'refused'
  return warnings.length > 0 || warning !== undefined ? 'warns' : 'fits'
}

const sentenceOf = ({
  allowed,
  scope,
  reason,
  remaining,
  remaining_after: after,
  resets_at: resets,
}: BudgetAnswer): string => {
  if (scope === null || remaining === null) return 'It fits: no budget is set for any of these.'
  const whose = `${scopeName(scope)} (${scope})`
  if (allowed) return `It fits. ${formatMoney((after ?? 0) * MICRO)} would be left of the tightest budget, ${whose}.`
  if (reason === 'period_expired') return `It is refused: the period of ${whose} is over.`
  const until = resets === undefined ? '' : ` It begins anew on ${formatUtc(resets)}.`
  return `It is refused by ${whose}, which has ${formatMoney(remaining * MICRO)} left.${until}`
}

const Verdict = ({ answer }: { answer: BudgetAnswer }) => {
  const { icon: Icon, style } = LOOKS[lookOf(answer)]
  return (
    <div role="status" className={cn('grid gap-1 rounded-md px-3 py-2 text-table', style)}>
      <p className="flex items-start gap-2 font-medium">
        <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
        <span className="min-w-0 break-words">{sentenceOf(answer)}</span>
      </p>
      {[...new Set([...answer.warnings, ...(answer.warning ? [answer.warning] : [])])].map((warning) => (
        <p key={warning} className="pl-6">
          {warning}.
        </p>
      ))}
    </div>
  )
}
