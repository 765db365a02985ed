'use client'

import { useDeferredValue } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { formatBytes, formatCount } from '@/components/ui/format'
import { Skeleton } from '@/components/ui/skeleton'
import type { EnforceResult, RetentionView } from '@/lib/retention/contract'
import { effectOf } from './retention-words'
import { usePreview } from './use-retention'

type Tried = Pick<RetentionView['rules'], 'retention_days' | 'sampling_strategy' | 'storage_mode'>

export const PreviewStrip = ({ tried, isChanged }: { tried: Tried; isChanged: boolean }) => {
  const { retention_days, sampling_strategy, storage_mode } = useDeferredValue(tried)
  const query = usePreview({ retention_days, sampling_strategy, storage_mode }, true)
  return (
    <section aria-label="What a pass would do now" className="rounded-md border border-line bg-sunken px-4 py-3">
      <h3 className="font-medium text-ink text-table">
        {isChanged ? 'With these settings a pass would, now' : 'A pass would, now'}
      </h3>
      {query.data ? <Effect result={query.data.result} /> : query.error ? <ErrorLine error={query.error} /> : <Wait />}
    </section>
  )
}

const Wait = () => (
  <div aria-busy="true" className="mt-2">
    <Skeleton className="h-9 w-full" />
  </div>
)

const Effect = ({ result }: { result: EnforceResult }) => {
  const effect = effectOf(result)
  const figures = [
    { name: 'delete', value: formatCount(effect.traces_deleted), unit: 'traces' },
    { name: 'reduce', value: formatCount(effect.traces_reduced), unit: 'traces' },
    { name: 'free', value: formatBytes(effect.bytes_reclaimed), unit: '' },
  ]
  return (
    <>
      <dl className="mt-2 flex flex-wrap gap-x-8 gap-y-2">
        {figures.map(({ name, value, unit }) => (
          <div key={name}>
            <dt className="text-ink-muted text-meta">{name}</dt>
            <dd className="text-ink text-title tabular-nums">
              {value} <span className="text-ink-muted text-meta">{unit}</span>
            </dd>
          </div>
        ))}
      </dl>
      <Notes result={result} />
    </>
  )
}

const notesOf = ({ legal_hold: held, is_complete: isComplete, left }: EnforceResult): string[] => [
  ...(held ? ['A legal hold stands, so none of this is done.'] : []),
  ...(isComplete ? [] : ['There are more than could be counted in time.']),
  ...(left.running > 0 ? [`${formatCount(left.running)} still run and are left.`] : []),
  ...(left.pending > 0 ? [`${formatCount(left.pending)} have something to deliver and are left.`] : []),
]

const Notes = ({ result }: { result: EnforceResult }) => {
  const notes = notesOf(result)
  return notes.length === 0 ? null : <p className="mt-2 text-ink-muted text-table">{notes.join(' ')}</p>
}
