'use client'

import { bucketWords } from '@/components/spans/span-words'
import { QueryView } from '@/components/states/query-view'
import { Dialog } from '@/components/ui/dialog'
import { Facts } from '@/components/ui/facts'
import { formatCount, formatExactMoney, formatUtc } from '@/components/ui/format'
import { Skeleton } from '@/components/ui/skeleton'
import type { LedgerLine, LedgerWhy } from '@/lib/governance/contract'
import { scopeName } from './budget-words'
import { rate } from './rate'
import { useWhy } from './use-budgets'

type WhyDialogProps = { line: LedgerLine | null; onOpenChange: (open: boolean) => void }

export const WhyDialog = ({ line, onOpenChange }: WhyDialogProps) => (
  <Dialog
    open={line !== null}
    onOpenChange={onOpenChange}
    title="Why this price"
    description={line ? `${line.provider}/${line.model}, ${formatUtc(line.created_at)}` : undefined}
  >
    {line ? <WhyBody id={line.id} /> : null}
  </Dialog>
)

const WhyBody = ({ id }: { id: string }) => {
  const query = useWhy(id)
  return (
    <QueryView query={query} what="This line" skeleton={<Skeleton className="h-48 w-full" />}>
      {(found) => (
        <div className="grid gap-4">
          <p className="text-ink-soft text-table">{found.explanation}</p>
          {found.why.length > 0 ? <Buckets found={found} /> : null}
          <Facts facts={factsOf(found)} />
        </div>
      )}
    </QueryView>
  )
}

const factsOf = ({ entry, counts_toward: budgets }: LedgerWhy) => [
  { name: 'Held before', value: formatExactMoney(entry.reserved_micro_usd) },
  { name: 'Charged', value: `${formatExactMoney(entry.cost_micro_usd)}${entry.is_estimated ? ', estimated' : ''}` },
  { name: 'Price book', value: <span className="break-all font-mono text-meta">{entry.price_version}</span> },
  { name: 'Counts toward', value: budgets.map(scopeName).join(' · ') },
]

const head = 'px-2 py-1.5 font-normal text-ink-muted text-meta'
const cell = 'border-line border-t px-2 py-1.5'

const usd = (dollars: number): string => `$${dollars.toFixed(8).replace(/0{1,2}$/, '')}`

const Buckets = ({ found: { why, sum_usd: sum } }: { found: LedgerWhy }) => (
  <table className="w-full border-separate border-spacing-0 text-table">
    <caption className="sr-only">Tokens, prices and what they come to</caption>
    <thead>
      <tr>
        <th scope="col" className={`${head} text-left`}>
          Tokens of
        </th>
        <th scope="col" className={`${head} text-right`}>
          Count
        </th>
        <th scope="col" className={`${head} text-right`}>
          Per million
        </th>
        <th scope="col" className={`${head} text-right`}>
          Cost
        </th>
      </tr>
    </thead>
    <tbody>
      {why.map((line) => (
        <tr key={line.bucket}>
          <th scope="row" className={`${cell} text-left font-normal`}>
            {bucketWords(line.bucket)}
          </th>
          <td className={`${cell} text-right`}>{formatCount(line.tokens)}</td>
          <td className={`${cell} text-right`}>{rate(line.usd_per_million)}</td>
          <td className={`${cell} text-right`}>{usd(line.cost_usd)}</td>
        </tr>
      ))}
      {sum === null ? null : (
        <tr className="font-medium">
          <th scope="row" className={`${cell} text-left font-medium`}>
            In all, before rounding
          </th>
          <td className={cell} />
          <td className={cell} />
          <td className={`${cell} text-right`}>{usd(sum)}</td>
        </tr>
      )}
    </tbody>
  </table>
)
