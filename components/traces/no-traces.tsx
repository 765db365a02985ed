'use client'

import { ListTree } from 'lucide-react'
import { useMay } from '@/components/shell/viewer'
import { EmptyState } from '@/components/states/empty-state'
import type { Filters } from '@/components/table/use-filters'
import { Button } from '@/components/ui/button'
import { SnippetTabs } from './snippet-tabs'
import { firstSnippets } from './snippets'

const linkStyle = 'text-accent underline underline-offset-2'

const FirstTrace = () => {
  const mayKeys = useMay('key:manage')
  const mayRun = useMay('agent:run')
  return (
    <div className="mx-auto grid max-w-2xl grid-cols-[minmax(0,1fr)] gap-4 px-4 py-10">
      <div className="grid justify-items-center gap-2 text-center">
        <span className="grid size-10 place-items-center rounded-md border border-line bg-sunken">
          <ListTree aria-hidden className="size-5 text-ink-muted" />
        </span>
        <h2 className="font-semibold text-ink text-title">No run is recorded yet</h2>
        <p className="max-w-[60ch] text-ink-muted text-prose">
          Run an agent here, or send the spans of one that runs elsewhere. It appears on this page as soon as it ends.
        </p>
      </div>
      <SnippetTabs label="Ways to the first trace" make={firstSnippets} />
      <p className="text-center text-ink-muted text-table">
        {mayKeys ? (
          <>
            A key comes from{' '}
            <a href="/ops/keys" className={linkStyle}>
              API keys
            </a>
            .
          </>
        ) : (
          'An administrator gives you a key.'
        )}{' '}
        {mayRun ? (
          <>
            Without one, the{' '}
            <a href="/ops/playground" className={linkStyle}>
              playground
            </a>{' '}
            runs an agent as yourself.
          </>
        ) : null}
      </p>
    </div>
  )
}

export const NoTraces = ({ filters }: { filters: Filters }) =>
  Object.keys(filters.wire).length === 0 ? (
    <FirstTrace />
  ) : (
    <EmptyState
      icon={ListTree}
      title="No trace matches"
      text="Nothing that is recorded has all of these properties."
      action={<Button onClick={filters.clear}>Clear the filters</Button>}
    />
  )
