import type { Scope } from '@/lib/core/scope'
import { uuidv7 } from '@/lib/shared/id'
import { missing, Problem } from '@/lib/shared/problem'
import type { SavedView } from './contract'
import * as store from './store-views'

const ownerOf = ({ identity }: Scope): string => identity.actor

const isAdmin = ({ identity }: Scope): boolean => identity.role === 'admin'

const mayChange = (scope: Scope, row: store.ViewRow): boolean =>
  row.owner === ownerOf(scope) || (row.isShared && isAdmin(scope))

const present = (scope: Scope, row: store.ViewRow): SavedView => ({
  id: row.id,
  page: row.page,
  name: row.name,
  query: row.query,
  is_shared: row.isShared,
  is_own: row.owner === ownerOf(scope),
  can_change: mayChange(scope, row),
  owner: row.owner,
  created_at: row.createdAt.toISOString(),
})

// What somebody keeps for themselves is not there for others; a shared one may be seen by all and changed by few.
const mustChange = (scope: Scope, row: store.ViewRow | null): store.ViewRow => {
  if (row === null || !(row.isShared || row.owner === ownerOf(scope))) return missing('view')
  if (!mayChange(scope, row))
    throw new Problem('permission_denied', 'A shared view is changed by its owner or an administrator')
  return row
}

export const listViews = async (scope: Scope, page: string): Promise<{ views: SavedView[] }> => ({
  views: (await store.findViews(scope.db, page, ownerOf(scope))).map((row) => present(scope, row)),
})

const MOST = 200

type Saved = { page: string; name: string; query: string; is_shared: boolean }

export const saveView = async (scope: Scope, view: Saved) => {
  const owner = ownerOf(scope)
  const row = await scope.mutate(
    { event: 'config_change', data: ({ id }: store.ViewRow) => ({ kind: 'view_saved', id, shared: view.is_shared }) },
    async (db) => {
      const known = await store.findNamed(db, { owner, page: view.page, name: view.name })
      const data = { query: view.query, isShared: view.is_shared }
      if (known) return store.changeView(db, known.id, data)
      if ((await store.countOwn(db, owner)) >= MOST)
        throw new Problem('invalid_request', `A person keeps at most ${MOST} views`)
      const now = scope.clock.now()
      const id = uuidv7(now.getTime())
      return store.addView(db, { ...data, id, owner, page: view.page, name: view.name, createdAt: now })
    },
  )
  return { status: 'ok' as const, view: present(scope, row) }
}

type Change = { name?: string | undefined; query?: string | undefined; is_shared?: boolean | undefined }

export const changeView = async (scope: Scope, id: string, change: Change) => {
  const row = await scope.mutate(
    { event: 'config_change', entityId: id, data: { kind: 'view_saved', id } },
    async (db) => {
      const known = mustChange(scope, await store.findView(db, id))
      const name = change.name ?? known.name
      const other = await store.findNamed(db, { owner: known.owner, page: known.page, name })
      if (other !== null && other.id !== id)
        throw new Problem('version_conflict', 'A view of this name is there already')
      const isShared = change.is_shared ?? known.isShared
      return store.changeView(db, id, { name, query: change.query ?? known.query, isShared })
    },
  )
  return { status: 'ok' as const, view: present(scope, row) }
}

export const removeView = async (scope: Scope, id: string) => {
  await scope.mutate({ event: 'config_change', entityId: id, data: { kind: 'view_removed', id } }, async (db) => {
    mustChange(scope, await store.findView(db, id))
    await store.removeView(db, id)
  })
  return { status: 'ok' as const }
}
