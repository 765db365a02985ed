import { formatCount, formatMoney } from '@/components/ui/format'
import type { SpanDetail } from '@/lib/tracing/contract'
import { bucketWords, exactUsd } from './span-words'

const NANO_PER_MICRO = 1_000

const nothing = ({ attempt, is_counting: isCounting }: SpanDetail): string => {
  if (attempt?.['billable'] === 'none') return 'It was not charged: nothing came of it.'
  return isCounting ? 'No price is known for it, so it cost nothing here.' : 'It costs nothing by itself.'
}

const head = 'px-2 py-1.5 font-normal text-ink-muted text-meta'
const cell = 'border-line border-t px-2 py-1.5 text-right'

// Each bucket of tokens at its price; the lines add up to the sum, which alone is rounded.
const Lines = ({ why }: { why: SpanDetail['cost']['why'] }) => (
  <table className="w-full border-separate border-spacing-0 text-table">
    <caption className="sr-only">Why this price</caption>
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
          <th scope="row" className={`${cell} text-left font-normal text-ink`}>
            {bucketWords(line.bucket)}
          </th>
          <td className={cell}>{formatCount(line.tokens)}</td>
          <td className={cell}>{formatMoney(line.price_micro_usd_per_million)}</td>
          <td className={cell}>{exactUsd(line.cost_micro_usd * NANO_PER_MICRO)}</td>
        </tr>
      ))}
    </tbody>
    <tfoot>
      <tr>
        <th scope="row" colSpan={3} className={`${cell} text-left font-medium text-ink`}>
          Sum
        </th>
        <td className={`${cell} font-medium text-ink`}>
          {exactUsd(why.reduce((sum, line) => sum + line.cost_micro_usd, 0) * NANO_PER_MICRO)}
        </td>
      </tr>
    </tfoot>
  </table>
)

const Usage = ({ usage }: { usage: NonNullable<SpanDetail['usage']> }) => {
  const told = Object.entries(usage).filter(([key, count]) => count !== null && key !== 'reported_total')
  return (
    <dl className="flex flex-wrap gap-x-5 gap-y-1 text-table">
      {told.map(([bucket, count]) => (
        <div key={bucket} className="flex gap-1.5">
          <dt className="text-ink-muted">{bucketWords(bucket)}</dt>
          <dd>{formatCount(count ?? 0)}</dd>
        </div>
      ))}
      {usage.reported_total === null ? null : (
        <div className="flex gap-1.5">
          <dt className="text-ink-muted">Total as it was told</dt>
          <dd>{formatCount(usage.reported_total)}</dd>
        </div>
      )}
    </dl>
  )
}

export const CostView = ({ span }: { span: SpanDetail }) => {
  const { cost, usage } = span
  return (
    <div className="grid gap-3">
      {cost.why.length > 0 ? <Lines why={cost.why} /> : <p className="text-ink-soft text-table">{nothing(span)}</p>}
      {cost.why.length === 0 && usage ? <Usage usage={usage} /> : null}
      <div className="grid gap-1 text-ink-muted text-meta">
        {cost.computed_nano_usd === null ? null : <p>By the price list: {exactUsd(cost.computed_nano_usd)}.</p>}
        {cost.given_nano_usd === null ? null : (
          <p>As it was sent: {exactUsd(cost.given_nano_usd)}. This is what counts.</p>
        )}
        {cost.price_version === null ? null : (
          <p className="break-all">
            Price list <code className="font-mono">{cost.price_version}</code>, as it was when the tokens were used.
          </p>
        )}
        {span.is_counting || span.cost_micro_usd === null ? null : (
          <p>Counted at another span already, so it is no part of the total of the trace.</p>
        )}
      </div>
    </div>
  )
}
