import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routes } from '@/app/routes.generated'
import { systemWrite } from '@/lib/core/system-db'
import { type Issuer, startIssuer } from '@/lib/core/testing/issuer'
import { newTenant, scopeOf, useKernel } from '@/lib/core/testing/kernel'
import { openBreakGlass } from '@/lib/governance'
import { OPENABLE } from '@/lib/governance/contract'
import { type Endpoint, endpointsOf } from '@/lib/http/routes'
import {
  isPermission,
  NEVER_OPENED,
  PERMISSIONS,
  type Permission,
  permissionsOf,
  ROLES,
  rolesWith,
  SERVICE_SCOPES,
} from '@/lib/shared/rbac'
import { backendEnv, startBackend } from './backend-env'
import { type Callers, callersOf } from './callers'
import { problemOf, send } from './requests'

const endpoints = endpointsOf(routes)
const nameOf = ({ method, contract }: Endpoint): string => `${method} ${contract.path}`
const permissionAt = ({ contract }: Endpoint): Permission | null =>
  contract.guard.kind === 'ops' ? contract.guard.permission : null
const guarded = endpoints.flatMap((endpoint) => {
  const permission = permissionAt(endpoint)
  return permission === null ? [] : [{ endpoint, permission }]
})
const scoped = endpoints.flatMap((endpoint) =>
  endpoint.contract.guard.kind === 'service' ? [{ endpoint, scope: endpoint.contract.guard.scope }] : [],
)

const issuer: Issuer = await startIssuer()
const backend = await startBackend()
afterAll(() => Promise.all([issuer.close(), backend.close()]))

// The door is what is tried, so no call carries what it would need to act: behind the door it may fail as it likes.
const isRefused = async (endpoint: Endpoint, headers: Record<string, string>, right: string): Promise<boolean> => {
  const reply = await send(endpoint, { headers, body: '[]' })
  if (reply.status !== 403) {
    await reply.body?.cancel()
    return false
  }
  const { code, text } = await problemOf(reply)
  const { permission, scope } = JSON.parse(text) as { permission?: string; scope?: string }
  return code === 'permission_denied' && (permission === right || scope === right)
}

describe('every role at every door', () => {
  useKernel('sqlite', {
    env: {
      ...issuer.env,
      ...backendEnv(backend),
      ADAPTER_JWT_SECRET: 'd'.repeat(40),
      CLASPER_RATE_LIMIT_PER_MINUTE: '0',
    },
  })
  const people: { own?: Callers } = {}
  const own = (): Callers => people.own ?? expect.unreachable()
  beforeAll(async () => {
    people.own = await callersOf(issuer, 'own')
  })

  it('covers the routes of every permission that a route asks for', () => {
    expect(guarded.length).toBeGreaterThan(50)
    expect(scoped.length).toBeGreaterThan(20)
  })

  it.each(guarded.map(({ endpoint, permission }) => [nameOf(endpoint), permission, endpoint] as const))(
    '%s opens to the roles with %s and to no other',
    async (_, permission, endpoint) => {
      const open: string[] = []
      for (const role of ROLES) if (!(await isRefused(endpoint, await own().as(role), permission))) open.push(role)
      expect(open).toEqual(rolesWith(permission))
    },
  )

  it.each(scoped.map(({ endpoint, scope }) => [nameOf(endpoint), scope, endpoint] as const))(
    '%s opens to keys with the scope %s and to no other',
    async (_, scope, endpoint) => {
      const open: string[] = []
      for (const held of SERVICE_SCOPES)
        if (!(await isRefused(endpoint, await own().withScopes([held]), scope))) open.push(held)
      expect(open).toEqual([scope])
    },
  )
})

describe('a break-glass window at every door', () => {
  useKernel('sqlite', {
    env: {
      ...issuer.env,
      ...backendEnv(backend),
      ADAPTER_JWT_SECRET: 'd'.repeat(40),
      CLASPER_RATE_LIMIT_PER_MINUTE: '0',
    },
  })

  const withWindow = async (permissions: Permission[]) => {
    const tenant = await newTenant('window')
    const token = await issuer.token({ sub: 'rosa', tenant_id: tenant.id, roles: ['release_manager'] })
    const { identity } = tenant.as('release_manager')
    const scope = scopeOf({ ...identity, userId: 'rosa', actor: 'user:rosa' })
    const wish = { permissions, minutes: 60, reason_code: 'hotfix', justification: 'production is down' } as const
    await openBreakGlass(scope, wish)
    return { authorization: `Bearer ${token}` }
  }

  it.each(OPENABLE.filter((permission) => !rolesWith(permission).includes('release_manager')))(
    '%s opens its own routes and those of the role, and nothing else',
    async (permission) => {
      const headers = await withWindow([permission])
      const held = new Set<Permission>([permission, ...permissionsOf('release_manager')])
      const wrong: string[] = []
      for (const one of guarded)
        if ((await isRefused(one.endpoint, headers, one.permission)) === held.has(one.permission))
          wrong.push(nameOf(one.endpoint))
      expect(wrong).toEqual([])
    },
  )

  it.each(Object.keys(NEVER_OPENED).filter(isPermission))('%s stays shut, whatever a row says', async (permission) => {
    const headers = await withWindow(['trace:reveal'])
    await systemWrite(({ client }) =>
      client.receipt.updateMany({ where: { kind: 'break_glass' }, data: { data: { permissions: [permission] } } }),
    )
    const shut = guarded.filter((one) => one.permission === permission)
    if (PERMISSIONS[permission].from !== 'admin') return
    expect(shut.length).toBeGreaterThan(0)
    for (const { endpoint } of shut) expect(await isRefused(endpoint, headers, permission)).toBe(true)
  })
})
