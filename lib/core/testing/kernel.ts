import { afterAll, beforeAll } from 'vitest'
import { uuidv7 } from '@/lib/shared/id'
import { PERMISSIONS, type Permission, permissionsOf, type Role, SERVICE_SCOPES } from '@/lib/shared/rbac'
import { type Clock, systemClock } from '../clock'
import { parseEnv } from '../env'
import { createKernel, installKernel, type Kernel, kernel } from '../kernel'
import { createLog } from '../log'
import type { Dialect } from '../migrate/schema-source'
import { createScope, type Identity, type Scope } from '../scope'
import { systemDb } from '../system-db'
import { noteAudits } from './audit-seen'
import { freshDatabase } from './database'

type Options = { clock?: Clock; env?: Record<string, string>; onLog?: (line: string) => void }

export const testSurroundings = (url: string, extra: Record<string, string> = {}): Record<string, string> => ({
  NODE_ENV: 'test',
  DATABASE_URL: url,
  CLASPER_SECRETS_KEY: '0'.repeat(64),
  NEXTAUTH_URL: 'http://127.0.0.1:8081',
  NEXTAUTH_SECRET: 's'.repeat(40),
  AGENT_JWT_SECRET: 'a'.repeat(40),
  ...extra,
})

export const testEnv = (url: string, extra: Record<string, string> = {}) => parseEnv(testSurroundings(url, extra))

export const testKernel = (url: string, { clock = systemClock, env = {}, onLog }: Options = {}): Kernel =>
  createKernel({
    env: testEnv(url, env),
    clock,
    log: onLog ? createLog('debug', { write: onLog }) : createLog('silent'),
  })

// The suite gets a database and a kernel of its own; every test takes tenants of its own.
export const useKernel = (dialect: Dialect, options: Options = {}): void => {
  let close: () => Promise<void> = async () => undefined
  beforeAll(async () => {
    const database = await freshDatabase(dialect)
    const installed = installKernel(testKernel(database.url, options))
    close = async () => {
      if (kernel() === installed) await noteAudits()
      await installed.stop()
      await database.close()
    }
  })
  afterAll(() => close())
}

export type TestTenant = {
  id: string
  scope: Scope
  as: (role: Role) => Scope
  audits: () => Promise<{ eventType: string; entityId: string | null; actor: string; seq: bigint }[]>
  lastAudit: () => Promise<{ eventType: string; entityId: string | null; actor: string; seq: bigint } | undefined>
}

const isGranted =
  (role: Role) =>
  (name: string): name is Permission =>
    Object.hasOwn(PERMISSIONS, name) && permissionsOf(role).some((p) => p === name)

export const identityOf = (tenantId: string, role: Role = 'admin', over: Partial<Identity> = {}): Identity => ({
  plane: 'ops',
  actor: `user:${role}@${tenantId}`,
  userId: `${role}@${tenantId}`,
  tenantId,
  allowedTenants: [tenantId],
  workspaceIds: null,
  role,
  roles: [role],
  permissions: new Set(Object.keys(PERMISSIONS).filter(isGranted(role))),
  scopes: new Set(SERVICE_SCOPES),
  credentialId: `test:${tenantId}:${role}`,
  ...over,
})

export const scopeOf = (identity: Identity, tenantId = identity.tenantId): Scope => {
  const { clock, log } = kernel()
  return createScope({
    identity,
    tenantId,
    requestId: uuidv7(clock.now().getTime()),
    traceId: uuidv7(clock.now().getTime()),
    signal: new AbortController().signal,
    log,
  })
}

export const newTenant = async (name = 'tenant'): Promise<TestTenant> => {
  const now = kernel().clock.now()
  const id = `${name}-${uuidv7(now.getTime())}`
  await kernel().db.writer.transaction(null, (tx) => tx.client.tenant.create({ data: { id, name, createdAt: now } }))
  const audits = () => systemDb().auditEntry.findMany({ where: { tenantId: id }, orderBy: { seq: 'asc' } })
  return {
    id,
    scope: scopeOf(identityOf(id)),
    as: (role) => scopeOf(identityOf(id, role)),
    audits,
    lastAudit: async () => (await audits()).at(-1),
  }
}

export const twoTenants = async (): Promise<[TestTenant, TestTenant]> => [await newTenant('a'), await newTenant('b')]
