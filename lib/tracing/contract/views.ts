import { z } from 'zod'
import { contract, ops } from '@/lib/shared/contract'
import { TenantId, Uuid } from '@/lib/shared/id'
import { Timestamp } from '@/lib/shared/time'

const Page = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be the name of a page')
const Name = z.string().trim().min(1).max(80)
const Search = z.string().max(4000).meta({ description: 'The query string of the page, without ?' })

export const SavedView = z.object({
  id: Uuid,
  page: z.string(),
  name: z.string(),
  query: z.string(),
  is_shared: z.boolean(),
  is_own: z.boolean(),
  can_change: z.boolean(),
  owner: z.string(),
  created_at: Timestamp,
})
export type SavedView = z.output<typeof SavedView>

const params = z.object({ id: Uuid })
const reply = z.object({ status: z.literal('ok'), view: SavedView })

export const opsListViews = contract({
  method: 'GET',
  path: '/ops/api/traces/views',
  summary: 'Own and shared views of a page, by name',
  guard: ops('trace:view'),
  tag: 'traces',
  query: z.object({ tenant_id: TenantId.optional(), page: Page.default('traces') }),
  reply: z.object({ views: z.array(SavedView) }),
})
export const opsSaveView = contract({
  method: 'POST',
  path: '/ops/api/traces/views',
  summary: 'Save a view; one of the same name of the same owner is replaced',
  guard: ops('trace:view'),
  tag: 'traces',
  status: 201,
  body: z.object({
    tenant_id: TenantId.optional(),
    page: Page.default('traces'),
    name: Name,
    query: Search,
    is_shared: z.boolean().default(false),
  }),
  reply,
})
export const opsChangeView = contract({
  method: 'PATCH',
  path: '/ops/api/traces/views/{id}',
  summary: 'Change a view; a shared one only by its owner or an administrator',
  guard: ops('trace:view'),
  tag: 'traces',
  params,
  body: z.object({
    tenant_id: TenantId.optional(),
    name: Name.optional(),
    query: Search.optional(),
    is_shared: z.boolean().optional(),
  }),
  reply,
})
export const opsRemoveView = contract({
  method: 'DELETE',
  path: '/ops/api/traces/views/{id}',
  summary: 'Remove a view; a shared one only by its owner or an administrator',
  guard: ops('trace:view'),
  tag: 'traces',
  params,
  reply: z.object({ status: z.literal('ok') }),
})
