import { expect, it } from 'vitest'
import { faultsOfPath, roomsOf } from './path-rules'
import { addressOf, faultsOfRoute } from './route-rules'

it.each([
  ['notes/a.md', 'root'],
  ['lib/http/utils.ts', 'named after'],
  ['components/ui/index.tsx', 'named after'],
  ['lib/common/a.ts', 'named after'],
  ['lib/http/rateLimit.ts', 'kebab-case'],
  ['lib/Http/route.ts', 'kebab-case'],
  ['lib/http/inner/index.ts', 'door'],
])('refuses %s', (path, why) => {
  expect(faultsOfPath(path)).toEqual([expect.stringContaining(why)])
})

it.each([
  'lib/auth/index.ts',
  'app/(api)/traces/[id]/route.ts',
  'app/ops/(console)/page.tsx',
  'app/api/auth/[...nextauth]/route.ts',
  'lib/core/sql.sqlite.ts',
  'workspace-template/SOUL.md',
  'prisma/sqlite/migrations/20260101000000_start/migration.sql',
  '.dependency-cruiser.cjs',
])('accepts %s', (path) => {
  expect(faultsOfPath(path)).toEqual([])
})

it('reads rooms and addresses from paths', () => {
  expect(roomsOf(['lib/core/a.ts', 'lib/auth/b.ts', 'lib/core/c.ts', 'app/page.tsx'])).toEqual(['auth', 'core'])
  expect(addressOf('app/(api)/traces/[id]/label/route.ts')).toBe('/traces/{id}/label')
  expect(addressOf('app/ops/api/me/route.ts')).toBe('/ops/api/me')
})

it('holds every method of a route against its contract and its folder', () => {
  const contract = { method: 'GET', path: '/traces/{id}', summary: 'One', guard: { kind: 'public' } }
  const get = Object.assign(() => new Response(), { contract })
  const bare = () => new Response()
  expect(faultsOfRoute('app/(api)/traces/[id]/route.ts', { GET: get })).toEqual([])
  expect(faultsOfRoute('app/(api)/runs/[id]/route.ts', { GET: get })).toEqual([
    expect.stringContaining('stands at /runs/{id}'),
  ])
  expect(faultsOfRoute('app/(api)/traces/[id]/route.ts', { POST: get })).toEqual([
    expect.stringContaining('carries the contract of GET'),
  ])
  expect(faultsOfRoute('app/x/route.ts', { GET: bare })).toEqual([expect.stringContaining('no contract')])
})
