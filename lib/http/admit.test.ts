import { beforeEach, expect, it, vi } from 'vitest'
import * as whoami from '@/app/(api)/api/whoami/route'
import * as keys from '@/app/(api)/keys/route'
import { newServiceKey } from '@/lib/auth/service-key'
import { systemDb } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { DAEMON_KEY, useIdentityHouse } from '@/lib/core/testing/identity'
import { take } from './rate-limit'
import type { Route } from './route'

const FAILURES = 600

const ADDRESS = '203.0.113.9'

describeEachDialect('an address that failed too often', (dialect) => {
  const house = useIdentityHouse(dialect)
  // The allowance comes back with the time that goes by, ten a second, and a busy machine takes longer than that.
  const ask = async (path: string, key: string, module: { GET: Route }) => {
    const headers = { 'x-agent-daemon-key': key, 'x-clasper-peer': ADDRESS }
    const request = new Request(`${house.console.url}${path}`, { headers })
    const still = vi.spyOn(performance, 'now').mockReturnValue(performance.now())
    while (take(`failures:${ADDRESS}`, FAILURES).allowed);
    return module.GET(request).finally(() => still.mockRestore())
  }
  const who = (key: string) => ask('/api/whoami', key, whoami as { GET: Route })
  const failures = () => systemDb().auditEntry.count({ where: { tenantId: 'system', eventType: 'auth_failure' } })
  beforeEach(() => {
    house.boot()
  })

  it('does not lock out the valid callers behind it', async () => {
    expect((await who(DAEMON_KEY)).status).toBe(200)
  })

  it('is told to wait at its next failure, and nothing is written', async () => {
    const before = await failures()
    for (const key of ['wrong', newServiceKey().text]) {
      const reply = await who(key)
      expect([reply.status, await reply.json()]).toMatchObject([429, { code: 'rate_limit_exceeded' }])
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect(await failures()).toBe(before)
  })

  it('does not hide what a known caller was denied', async () => {
    const body = JSON.stringify({ name: 'reader', scopes: ['read'] })
    const headers = { 'x-agent-daemon-key': DAEMON_KEY, 'content-type': 'application/json' }
    const made = await fetch(`${house.console.url}/keys`, { method: 'POST', headers, body })
    const { secret } = (await made.json()) as { secret: string }
    expect((await ask('/keys', secret, keys as unknown as { GET: Route })).status).toBe(403)
    expect(await systemDb().auditEntry.count({ where: { eventType: 'permission_denied' } })).toBe(1)
  })
})

describeEachDialect('addresses that a proxy forwards', (dialect) => {
  const lines: string[] = []
  const house = useIdentityHouse(dialect, { onLog: (line) => lines.push(line) })
  const warnings = () => lines.filter((line) => line.includes('CLASPER_TRUSTED_PROXIES'))
  const ask = (forwarded: string) =>
    fetch(`${house.console.url}/api/whoami`, { headers: { 'x-forwarded-for': forwarded } })

  it('are warned of once while the proxy is not trusted', async () => {
    await ask('127.0.0.1')
    expect(warnings()).toHaveLength(0)
    await ask('203.0.113.9')
    await ask('203.0.113.10')
    expect(warnings()).toHaveLength(1)
    lines.length = 0
    house.boot({ CLASPER_TRUSTED_PROXIES: '127.0.0.1,::1' })
    await ask('203.0.113.9')
    expect(warnings()).toHaveLength(0)
  })
})
