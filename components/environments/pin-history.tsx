'use client'

import { parseAsString, useQueryState } from 'nuqs'
import { useState } from 'react'
import { QueryView } from '@/components/states/query-view'
import { DataTable } from '@/components/table/data-table'
import { TableSkeleton } from '@/components/table/table-skeleton'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Select } from '@/components/ui/select'
import { HISTORY_COLUMNS } from './history-columns'
import { usePinHistory } from './use-environments'

const LIMIT = '20'

type Props = { workspaceId: string; names: readonly string[] }

/** Every change of what runs where, the newest first. */
export const PinHistory = ({ workspaceId, names }: Props) => {
  const [asked, setAsked] = useQueryState('history', parseAsString)
  // The ways back to the newer pages.
  const [path, setPath] = useState<string[]>([])
  const environment = asked !== null && names.includes(asked) ? asked : null
  const cursor = path.at(-1)
  const query = usePinHistory(workspaceId, {
    ...(environment ? { environment } : {}),
    ...(cursor ? { cursor } : {}),
    limit: LIMIT,
  })
  const choose = (name: string) => {
    setPath([])
    void setAsked(name === '' ? null : name)
  }
  const options = [{ value: '', label: 'All environments' }, ...names.map((name) => ({ value: name, label: name }))]
  return (
    <Card
      title="History"
      flush
      actions={
        <Select
          aria-label="History of"
          className="w-56 max-w-full"
          options={options}
          value={environment ?? ''}
          onChange={(event) => choose(event.target.value)}
        />
      }
      className="@container/table"
    >
      <QueryView query={query} what="The history" skeleton={<TableSkeleton columns={HISTORY_COLUMNS} rows={4} />}>
        {({ changes, next_cursor: next }) =>
          changes.length === 0 ? (
            <p className="p-4 text-ink-muted text-table">Nothing was pinned here yet.</p>
          ) : (
            <>
              <DataTable
                caption="Changes of pins, newest first"
                columns={HISTORY_COLUMNS}
                rows={changes}
                rowId={({ id }) => id}
                stale={query.isPlaceholderData}
              />
              {next || path.length > 0 ? (
                <div className="flex justify-end gap-2 border-line border-t px-4 py-2">
                  {path.length > 0 ? (
                    <Button size="small" onClick={() => setPath(path.slice(0, -1))}>
                      Newer
                    </Button>
                  ) : null}
                  {next ? (
                    <Button size="small" onClick={() => setPath([...path, next])}>
                      Older
                    </Button>
                  ) : null}
                </div>
              ) : null}
            </>
          )
        }
      </QueryView>
    </Card>
  )
}
