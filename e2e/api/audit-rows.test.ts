import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { routes } from '@/app/routes.generated'
import { rightFor } from '@/lib/core/audit-event-facts'
import { isAuditEvent } from '@/lib/core/audit-events'
import { systemDb } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { type Issuer, startIssuer } from '@/lib/core/testing/issuer'
import { useKernel } from '@/lib/core/testing/kernel'
import { endpointsOf } from '@/lib/http/routes'
import type { Guard } from '@/lib/shared/contract'
import { actFor, nameOf, WITHOUT_A_ROW } from './acts'
import { backendEnv, startBackend } from './backend-env'
import { type Callers, callersOf } from './callers'
import { send } from './requests'
import { setStage } from './stage'

const changing = endpointsOf(routes).filter(({ method }) => method !== 'GET')
const audited = changing.filter((endpoint) => !Object.hasOwn(WITHOUT_A_ROW, nameOf(endpoint)))

const issuer: Issuer = await startIssuer()
const backend = await startBackend()
afterAll(() => Promise.all([issuer.close(), backend.close()]))

type Row = { event: string; kind: string | null }

const rowsOf = async (tenantId: string, requestId: string): Promise<Row[]> => {
  const rows = await systemDb().auditEntry.findMany({ where: { tenantId, requestId } })
  const where = { tenantId, seq: { in: rows.map(({ seq }) => seq) } }
  const payloads = new Map((await systemDb().auditPayload.findMany({ where })).map(({ seq, data }) => [seq, data]))
  return rows.map(({ seq, eventType }) => {
    const { kind } = JSON.parse(payloads.get(seq) ?? '{}') as { kind?: unknown }
    return { event: eventType, kind: typeof kind === 'string' ? kind : null }
  })
}

// Reading texts needs a right besides that of the door: whoever lacks it gets the same answer without them.
const BESIDES: readonly string[] = ['trace_revealed']

// The right that the catalogue names for the row must be one that opens this door, or one that everybody has.
const isExplained = (guard: Guard, { event, kind }: Row): boolean => {
  if (!isAuditEvent(event)) return false
  if (BESIDES.includes(event)) return true
  const { permissions, scopes, others } = rightFor(event, kind)
  if (guard.kind === 'service') return scopes.includes(guard.scope)
  if (guard.kind === 'adapter') return others.includes('adapter')
  if (guard.kind === 'ops' && guard.permission !== null) return permissions.includes(guard.permission)
  return others.length > 0
}

describeEachDialect('every call that changes something', (dialect) => {
  useKernel(dialect, {
    env: {
      ...issuer.env,
      ...backendEnv(backend),
      ADAPTER_JWT_SECRET: 'd'.repeat(40),
      INTERNAL_API_TOKEN: 'i'.repeat(32),
    },
  })
  const people: { own?: Callers } = {}
  const own = (): Callers => people.own ?? expect.unreachable()

  beforeAll(async () => {
    people.own = await callersOf(issuer, 'own')
    await setStage(own())
  })

  it.each(audited.map((endpoint) => [nameOf(endpoint), endpoint] as const))(
    '%s leaves a row in the audit log, under a right that the catalogue names',
    { timeout: 30_000 },
    async (name, endpoint) => {
      const act = await actFor(endpoint, own())
      if (act === null) return expect.unreachable(`e2e/api/acts.ts does not say how ${name} succeeds`)
      const { guard } = endpoint.contract
      const headers = await (act.role ? own().as(act.role) : own().headersFor(guard))
      const reply = await send(endpoint, { ...act, headers: { ...headers, ...act.headers } })
      const text = await reply.text()
      expect([reply.status, text.slice(0, 300)]).toEqual([endpoint.contract.status ?? 200, text.slice(0, 300)])
      const rows = await rowsOf(own().tenant.id, reply.headers.get('x-request-id') ?? '')
      expect(rows.length).toBeGreaterThan(0)
      expect(rows.filter((row) => !isExplained(guard, row))).toEqual([])
    },
  )
})

it('what leaves no row exists, and says why or where it is proven', () => {
  const names = new Set(changing.map(nameOf))
  for (const [name, reason] of Object.entries(WITHOUT_A_ROW)) {
    expect([name, names.has(name)]).toEqual([name, true])
    const [file] = /lib\/[\w/-]+[.]test[.]ts/.exec(reason) ?? []
    if (file !== undefined) expect([file, existsSync(file)]).toEqual([file, true])
  }
})
