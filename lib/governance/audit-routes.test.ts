import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { GET as proof } from '@/app/(api)/audit/[seq]/proof/route'
import { GET as entry } from '@/app/(api)/audit/[seq]/route'
import { GET as list } from '@/app/(api)/audit/route'
import { POST as verify } from '@/app/(api)/audit/verify/route'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, scopeOf, useKernel } from '@/lib/core/testing/kernel'

const folder = mkdtempSync(join(tmpdir(), 'clasper-audit-routes-'))
const KEY = 'k'.repeat(40)
const env = { CLASPER_STATE_DIR: folder, AGENT_DAEMON_API_KEY: KEY, CLASPER_DEFAULT_TENANT_ID: 'default' }

const ask = (path: string, init: RequestInit = {}) =>
  new Request(`http://127.0.0.1${path}`, { ...init, headers: { 'x-agent-daemon-key': KEY, ...init.headers } })
const params = (seq: string) => ({ params: Promise.resolve({ seq }) })

describeEachDialect('the audit routes', (dialect) => {
  useKernel(dialect, { env })
  const scope = () => scopeOf(identityOf('default'))

  test('list, open, prove and verify over the wire', async () => {
    await scope().command({ audit: [{ event: 'auth_success', entityId: 'e' }, { event: 'export_created' }] })
    const page = await (await list(ask('/audit?limit=1'))).json()
    expect(page).toMatchObject({
      total: 2,
      has_more: true,
      hasMore: true,
      entries: [{ seq: 2, details: page.entries[0].event_data }],
    })
    expect(await (await entry(ask('/audit/1'), params('1'))).json()).toMatchObject({
      proven: true,
      entry: { entity_id: 'e' },
    })
    expect(await (await proof(ask('/audit/1/proof'), params('1'))).json()).toMatchObject({
      leaf_index: 0,
      tree_size: 2,
    })
    const body = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }
    expect(await (await verify(ask('/audit/verify', body))).json()).toMatchObject({ ok: true, checked: 2 })
  })

  test.each(['0', '-1', '1.5', 'x', '99999999999999999999'])('a number such as %s is refused', async (seq) => {
    expect((await entry(ask(`/audit/${seq}`), params(seq))).status).toBe(400)
  })

  test('no credential, a foreign tenant, a foreign cursor', async () => {
    expect((await list(new Request('http://127.0.0.1/audit'))).status).toBe(401)
    expect((await list(ask('/audit?tenant_id=other'))).status).toBe(403)
    expect((await list(ask('/audit?cursor=AAAA'))).status).toBe(400)
  })
})

describe('a rate limit', () => {
  useKernel('sqlite', { env: { ...env, CLASPER_RATE_LIMIT_PER_MINUTE: '2' } })

  test('that was reached is on record, once', async () => {
    const replies = []
    for (let i = 0; i < 5; i++) replies.push((await list(ask('/audit'))).status)
    expect(replies).toEqual([200, 200, 429, 429, 429])
    const rows = await scopeOf(identityOf('default')).db.auditEntry.findMany({
      where: { eventType: 'rate_limit_exceeded' },
    })
    expect(rows).toHaveLength(1)
  })
})
