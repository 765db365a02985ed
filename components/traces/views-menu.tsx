'use client'

import { Bookmark, BookmarkPlus, Trash2, Users } from 'lucide-react'
import { useRouter, useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { QueryView } from '@/components/states/query-view'
import { Button } from '@/components/ui/button'
import { Popover } from '@/components/ui/popover'
import { Skeleton } from '@/components/ui/skeleton'
import { notifyDone, notifyFailed } from '@/components/ui/toast'
import type { SavedView } from '@/lib/tracing/contract'
import { useRemoveView, useViews } from './use-traces'
import { ViewDialog } from './view-dialog'

const PASSING = ['peek', 'cursor', 'offset']

// What makes a view: filters and columns in a fixed order, not the place in it.
const queryOf = (search: URLSearchParams): string => {
  const kept = new URLSearchParams(search)
  for (const name of PASSING) kept.delete(name)
  kept.sort()
  return kept.toString()
}

type ViewsMenuProps = { page: string; path: string }

export const ViewsMenu = ({ page, path }: ViewsMenuProps) => {
  const [open, setOpen] = useState(false)
  const [saving, setSaving] = useState(false)
  const views = useViews(page)
  const query = queryOf(new URLSearchParams(useSearchParams()))
  const active = views.data?.views.find((view) => view.query === query)
  const trigger = (
    <Button className="min-w-0">
      <Bookmark aria-hidden className="size-4" strokeWidth={1.75} />
      <span className="max-w-40 truncate">{active ? active.name : 'Views'}</span>
    </Button>
  )
  const save = () => {
    setOpen(false)
    setSaving(true)
  }
  return (
    <>
      <Popover open={open} onOpenChange={setOpen} trigger={trigger} label="Saved views">
        <QueryView query={views} what="The saved views" skeleton={<Skeleton className="m-2 h-16" />}>
          {({ views: all }) => <ViewList views={all} activeId={active?.id} path={path} close={() => setOpen(false)} />}
        </QueryView>
        <div className="-mx-1 mt-1 border-line border-t px-1 pt-1">
          <Button look="quiet" className="w-full justify-start px-2 font-normal" onClick={save}>
            <BookmarkPlus aria-hidden className="size-4" strokeWidth={1.75} /> Save this view…
          </Button>
        </div>
      </Popover>
      <ViewDialog page={page} query={query} open={saving} onOpenChange={setSaving} />
    </>
  )
}

type ViewListProps = { views: readonly SavedView[]; activeId: string | undefined; path: string; close: () => void }

const ViewList = ({ views, activeId, path, close }: ViewListProps) => {
  if (views.length === 0)
    return (
      <p className="px-2 py-3 text-ink-muted text-table">
        No view is saved yet. Set filters and columns, then save them under a name.
      </p>
    )
  return (
    <ul className="max-h-[50vh] overflow-y-auto">
      {views.map((view) => (
        <ViewRow key={view.id} view={view} isActive={view.id === activeId} path={path} close={close} />
      ))}
    </ul>
  )
}

type ViewRowProps = { view: SavedView; isActive: boolean; path: string; close: () => void }

const ViewRow = ({ view, isActive, path, close }: ViewRowProps) => {
  const router = useRouter()
  const remove = useRemoveView()
  const go = () => {
    router.push(view.query === '' ? path : `${path}?${view.query}`)
    close()
  }
  const act = () =>
    remove.mutate(
      { params: { id: view.id } },
      {
        onSuccess: () => notifyDone({ text: `View “${view.name}” removed` }),
        onError: (error) => notifyFailed({ text: 'The view was not removed', detail: error.message }),
      },
    )
  return (
    <li className="flex items-center">
      <Button
        look="quiet"
        aria-current={isActive || undefined}
        onClick={go}
        className="min-w-0 shrink grow justify-start px-2 font-normal aria-[current]:font-medium aria-[current]:text-accent"
      >
        <span className="truncate">{view.name}</span>
        {view.is_shared ? (
          <span title={view.is_own ? 'Shared by you' : `Shared by ${view.owner}`} className="text-ink-muted">
            <Users aria-hidden className="size-3.5" />
            <span className="sr-only">{view.is_own ? 'Shared by you' : `Shared by ${view.owner}`}</span>
          </span>
        ) : null}
      </Button>
      {view.can_change ? (
        <Button look="quiet" size="icon-small" aria-label={`Remove view ${view.name}`} onClick={act}>
          <Trash2 aria-hidden className="size-3.5" />
        </Button>
      ) : null}
    </li>
  )
}
