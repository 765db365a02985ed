import { dateOf, fixedClock } from '@/lib/core/clock'
import { createKernel, installKernel, kernel } from '@/lib/core/kernel'
import { createScope, type Identity, type Scope } from '@/lib/core/scope'
import { systemWrite } from '@/lib/core/system-db'
import { uuidv7 } from '@/lib/shared/id'
import { permissionsOf, type Role } from '@/lib/shared/rbac'
import { type Random, randomFrom } from './random'

export type Teller = {
  random: Random
  now(): Date
  advance(ms: number): void
  tenant(id: string, name: string): Promise<void>
  as(person: Actor): Scope
}

export type Actor = { id: string; email: string; name: string; tenantId: string; role: Role }

const HOUR = 3_600_000

const identityOf = (person: Actor): Identity => ({
  plane: 'ops',
  actor: `user:${person.id}`,
  userId: person.id,
  tenantId: person.tenantId,
  allowedTenants: [person.tenantId],
  workspaceIds: null,
  role: person.role,
  roles: [person.role],
  permissions: new Set(permissionsOf(person.role)),
  scopes: new Set(),
  credentialId: `seed:${person.id}`,
  name: person.name,
  email: person.email,
})

const addTenant = (id: string, name: string, now: Date) =>
  systemWrite(async ({ client }) => {
    await client.tenant.upsert({ where: { id }, create: { id, name, createdAt: now }, update: { name } })
    const workspace = { tenantId: id, id: 'default' }
    await client.workspace.upsert({
      where: { tenantId_id: workspace },
      create: { ...workspace, name: 'Default', createdAt: now },
      update: {},
    })
  })

// A story is told with the product's own verbs under a clock that starts in the past, so that what stands in the
// database afterwards is what people would have left there.
export const tell = async (seed: number, hoursAgo: number, story: (teller: Teller) => Promise<void>): Promise<void> => {
  const before = kernel()
  const clock = fixedClock(dateOf(before.clock.now().getTime() - hoursAgo * HOUR))
  const stage = installKernel(createKernel({ env: before.env, log: before.log, clock }))
  const random = randomFrom(seed)
  const fresh = () => uuidv7(clock.now().getTime())
  try {
    await story({
      random,
      now: clock.now,
      advance: clock.advance,
      tenant: (id, name) => addTenant(id, name, clock.now()),
      as: (person) =>
        createScope({
          identity: identityOf(person),
          tenantId: person.tenantId,
          requestId: fresh(),
          traceId: fresh(),
          signal: new AbortController().signal,
          log: stage.log,
        }),
    })
  } finally {
    installKernel(before)
    await stage.stop()
  }
}
