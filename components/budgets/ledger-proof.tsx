'use client'

import { CircleCheck, OctagonAlert, ShieldQuestion } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Facts } from '@/components/ui/facts'
import { formatCount, formatExactMoney, formatUtc } from '@/components/ui/format'
import type { LedgerProof as Proof } from '@/lib/governance/contract'
import { isApiError } from '@/lib/shared/api-client'
import { useProof } from './use-budgets'

const WHAT: Readonly<Record<string, string>> = {
  budget_spent: 'Spent of a budget',
  budget_reserved: 'Held of a budget',
  period_spent: 'Spent in an earlier period',
  usage: 'Usage',
  traces: 'Cost of the traces',
  rollups: 'Sums of the dashboards',
  trace: 'Cost of one trace',
}

export const LedgerProof = () => {
  const { data, error, isFetching, refetch } = useProof()
  const [open, setOpen] = useState(false)
  if (isApiError(error) && error.status === 403) return null
  if (error && !data)
    return (
      <Button look="quiet" onClick={() => void refetch()} pending={isFetching}>
        <ShieldQuestion aria-hidden className="size-3.5" /> The ledger could not be proven
      </Button>
    )
  if (!data)
    return (
      <Button look="quiet" pending>
        Proving the ledger
      </Button>
    )
  const Icon = data.ok ? CircleCheck : OctagonAlert
  return (
    <>
      <Button onClick={() => setOpen(true)} className={data.ok ? 'text-ok' : 'border-bad text-bad'}>
        <Icon aria-hidden className="size-3.5" />
        {data.ok ? 'Ledger proven' : `${formatCount(data.differences.length)} differences`}
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={data.ok ? 'The ledger and every total agree' : 'The ledger and the totals differ'}
        description="Every figure that is shown anywhere was added up again from the lines of the ledger."
      >
        <ProofBody proof={data} again={() => void refetch()} isFetching={isFetching} />
      </Dialog>
    </>
  )
}

const factsOf = ({ totals, checked, overdue_reservations: overdue, checked_at: at }: Proof) => [
  { name: 'Ledger', value: formatExactMoney(totals.ledger_micro_usd) },
  { name: 'Usage', value: formatExactMoney(totals.usage_micro_usd) },
  { name: 'Runs that ended', value: formatExactMoney(totals.rollups_micro_usd) },
  { name: 'Traces kept', value: formatExactMoney(totals.traces_micro_usd) },
  { name: 'Outside of runs', value: formatExactMoney(totals.external_micro_usd) },
  { name: 'Held now', value: formatExactMoney(totals.reserved_micro_usd) },
  { name: 'Held too long', value: formatCount(overdue) },
  {
    name: 'Checked',
    value: `${formatCount(checked.entries)} lines, ${formatCount(checked.budgets)} budgets, ${formatCount(checked.periods)} periods, ${formatCount(checked.traces)} traces`,
  },
  { name: 'At', value: formatUtc(at) },
]

type ProofBodyProps = { proof: Proof; again: () => void; isFetching: boolean }

const ProofBody = ({ proof, again, isFetching }: ProofBodyProps) => (
  <div className="grid gap-4">
    <Facts facts={factsOf(proof)} />
    {proof.differences.length > 0 ? (
      <ul className="grid gap-2">
        {proof.differences.map((one) => (
          <li key={`${one.what} ${one.id}`} className="rounded-md bg-bad-soft px-3 py-2 text-bad text-table">
            <p className="break-words font-medium">
              {WHAT[one.what] ?? one.what}: {one.id}
            </p>
            <p>
              The ledger says {formatExactMoney(one.ledger_micro_usd)}, shown is {formatExactMoney(one.shown_micro_usd)}
              .
            </p>
          </li>
        ))}
      </ul>
    ) : null}
    <Button onClick={again} pending={isFetching} className="justify-self-start">
      Prove again
    </Button>
  </div>
)
