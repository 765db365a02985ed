'use client'

import { useState } from 'react'
import { QueryView } from '@/components/states/query-view'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Input } from '@/components/ui/field'
import { formatCount, formatShortCount } from '@/components/ui/format'
import { Skeleton } from '@/components/ui/skeleton'
import type { PriceList } from '@/lib/governance/contract'
import { rate } from './rate'
import { usePrices } from './use-budgets'

const PAGE = 15

type Price = PriceList['prices'][number]

export const PriceCard = () => {
  const [words, setWords] = useState('')
  const [offset, setOffset] = useState(0)
  const asked = words.trim()
  const wire = { limit: String(PAGE), offset: String(offset), ...(asked === '' ? {} : { q: asked }) }
  const query = usePrices(wire)
  const search = (
    <Input
      type="search"
      aria-label="Find a model"
      placeholder="Find a model"
      className="w-52 max-w-full"
      value={words}
      onChange={(event) => {
        setWords(event.target.value)
        setOffset(0)
      }}
    />
  )
  return (
    <Card title="Price book" actions={search} flush className="@container/prices">
      <QueryView query={query} what="The price book" skeleton={<Skeleton className="m-4 h-60" />}>
        {(book) => (
          <>
            <About book={book} />
            {book.prices.length === 0 ? (
              <p className="px-4 py-6 text-center text-ink-muted text-table">
                No model of this name is known. It would be charged at {rate(book.fallback.input)} in and{' '}
                {rate(book.fallback.output)} out per million tokens.
              </p>
            ) : (
              <Prices prices={book.prices} />
            )}
            <Pages book={book} go={setOffset} />
          </>
        )}
      </QueryView>
    </Card>
  )
}

const About = ({ book }: { book: PriceList }) => (
  <p className="px-4 py-2 text-ink-muted text-meta">
    US dollars per million tokens. Forecast, reservation and charge use this one book, version{' '}
    <span className="break-all font-mono">{book.version}</span>.
  </p>
)

const head = 'h-8 px-2 font-medium'
const cell = 'border-line border-t px-2 py-1.5 align-top'
const wide = '@max-[640px]/prices:hidden'

const Prices = ({ prices }: { prices: readonly Price[] }) => (
  <div>
    <table className="w-full border-separate border-spacing-0 text-table">
      <caption className="sr-only">Prices of models, in US dollars per million tokens</caption>
      <thead>
        <tr className="text-ink-muted text-meta">
          <th scope="col" className={`${head} pl-4 text-left`}>
            Model
          </th>
          <th scope="col" className={`${head} text-right`}>
            Input
          </th>
          <th scope="col" className={`${head} text-right`}>
            Output
          </th>
          <th scope="col" className={`${head} text-right ${wide}`}>
            Cache read
          </th>
          <th scope="col" className={`${head} text-right ${wide}`}>
            Cache write
          </th>
          <th scope="col" className={`${head} text-right ${wide}`}>
            Reasoning
          </th>
          <th scope="col" className={`${head} pr-4 text-right ${wide}`}>
            Source
          </th>
        </tr>
      </thead>
      <tbody>
        {prices.map((price) => (
          <Row key={`${price.name} ${price.valid_from ?? ''}`} price={price} />
        ))}
      </tbody>
    </table>
  </div>
)

const when = ({ valid_from: from, valid_to: to }: Price): string | null => {
  if (from === null && to === null) return null
  return [from ? `from ${from.slice(0, 10)}` : '', to ? `until ${to.slice(0, 10)}` : ''].join(' ').trim()
}

const Row = ({ price }: { price: Price }) => (
  <tr className="hover:bg-hover">
    <th scope="row" className={`${cell} w-full pl-4 text-left font-normal`}>
      <span className="break-all">{price.name}</span>
      {when(price) ? <span className="block text-ink-muted text-meta">{when(price)}</span> : null}
      {price.tiers.map((tier) => (
        <span key={tier.above} className="block text-ink-muted text-meta">
          above {formatShortCount(tier.above)} tokens: {rate(tier.input)} in, {rate(tier.output)} out
        </span>
      ))}
    </th>
    <td className={`${cell} text-right`}>{rate(price.input)}</td>
    <td className={`${cell} text-right`}>{rate(price.output)}</td>
    <td className={`${cell} text-right ${wide}`}>{rate(price.cache_read)}</td>
    <td className={`${cell} text-right ${wide}`}>{rate(price.cache_write)}</td>
    <td className={`${cell} text-right ${wide}`}>{rate(price.reasoning)}</td>
    <td className={`${cell} pr-4 text-right ${wide}`}>
      {price.source === 'override' ? <Badge tone="accent">Own price</Badge> : <Badge>Catalogue</Badge>}
    </td>
  </tr>
)

const Pages = ({ book, go }: { book: PriceList; go: (offset: number) => void }) => (
  <nav
    aria-label="Pages of the price book"
    className="flex items-center justify-between gap-2 border-line border-t px-4 py-2"
  >
    <p className="text-ink-muted text-meta">
      {formatCount(Math.min(book.total, book.offset + 1))} to {formatCount(book.offset + book.prices.length)} of{' '}
      {formatCount(book.total)} prices
    </p>
    <div className="flex gap-1.5">
      {book.offset > 0 ? (
        <Button size="small" onClick={() => go(Math.max(0, book.offset - book.limit))}>
          Back
        </Button>
      ) : null}
      {book.has_more ? (
        <Button size="small" onClick={() => go(book.offset + book.limit)}>
          More
        </Button>
      ) : null}
    </div>
  </nav>
)
