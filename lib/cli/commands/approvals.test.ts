import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import * as resolve from '@/app/ops/api/decisions/[id]/resolve/route'
import * as one from '@/app/ops/api/decisions/[id]/route'
import * as many from '@/app/ops/api/decisions/route'
import { dateOf } from '@/lib/core/clock'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { pendingDecision } from '@/lib/core/testing/approvals'
import { keepLogin } from '@/lib/core/testing/cli-login'
import { type ConsoleServer, startConsole } from '@/lib/core/testing/console-server'
import { describeEachDialect } from '@/lib/core/testing/database'
import { useIdentityHouse } from '@/lib/core/testing/identity'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { approvals } from './approvals'

const config = mkdtempSync(join(tmpdir(), 'clasper-approvals-cli-'))
const REASON = 'The customer sent a photo'

describeEachDialect('clasper approvals', (dialect) => {
  const house = useIdentityHouse(dialect)
  let server: ConsoleServer
  const said: string[] = []
  const terminal = { out: (line: string) => void said.push(line), err: () => undefined, cwd: '/' }
  const clasper = async (...words: string[]) => {
    said.length = 0
    const code = await approvals.run([...words, '--server', server.url], terminal)
    return { code, text: said.join('\n') }
  }
  const fails = (...words: string[]) =>
    clasper(...words).then(
      () => 'none',
      (error: Error) => error.message,
    )
  const ask = (over = {}) => pendingDecision(scopeOf(identityOf('acme')), over)
  const statusOf = async (id: string) => (await systemDb().decision.findFirstOrThrow({ where: { id } })).status

  beforeAll(async () => {
    server = await startConsole({
      '/ops/api/decisions': many,
      '/ops/api/decisions/[id]': one,
      '/ops/api/decisions/[id]/resolve': resolve,
    })
    await systemWrite(({ client }) =>
      client.tenant.upsert({
        where: { id: 'acme' },
        create: { id: 'acme', name: 'Acme', createdAt: dateOf('2026-01-01') },
        update: {},
      }),
    )
  })
  beforeEach(async () => {
    vi.stubEnv('XDG_CONFIG_HOME', config)
    await keepLogin(config, house.idp, server.url, 'ada')
  })
  afterEach(() => vi.unstubAllEnvs())
  afterAll(async () => {
    await server.close()
    rmSync(config, { recursive: true, force: true })
  })

  it('lists what waits, shows it, and approves it as who has signed in', async () => {
    const id = await ask()
    expect((await clasper()).text).toContain(id)
    const shown = await clasper('show', id)
    expect(shown.text).toContain('Money leaves')
    expect(shown.text).toContain('"order_id": "1042"')
    expect((await clasper('approve', id, '--reason', REASON)).text).toBe(`approved: refund_create (${id})`)
    expect(await statusOf(id)).toBe('approved')
    const row = await systemDb().decision.findFirstOrThrow({ where: { id } })
    expect(row).toMatchObject({ resolvedBy: 'user:ada', resolvedById: 'ada' })
    expect((await clasper('list')).text).toBe('Nothing waits for a person.')
    expect((await clasper('list', '--status', 'all')).text).toContain('user:ada')
    expect(await fails('deny', id, '--reason', REASON)).toContain('already_resolved')
  })

  it('denies, overrides, and refuses what it cannot do', async () => {
    const [id, other, own] = [await ask(), await ask(), await ask({ requestedById: 'ada' })]
    await clasper('deny', id, '--reason', REASON)
    expect(await statusOf(id)).toBe('denied')
    await clasper('approve', other, '--reason', REASON, '--override', 'hotfix')
    expect(await systemDb().receipt.count({ where: { tenantId: 'acme', targetId: other } })).toBe(1)
    expect(await fails('approve', own, '--reason', REASON)).toContain('own_request')
    expect(await fails('approve', own, '--reason', 'short')).toContain('at least 10')
    expect(await fails('approve', 'x', '--reason', REASON)).toContain('is no id')
    expect(await fails('frobnicate')).toContain('not known')
    expect(await statusOf(own)).toBe('pending')
  })

  it('nothing that an agent says steers the terminal', async () => {
    const id = await ask({ tool: 'pay\u001b[2J\u202e', action: { arguments: { to: '\u001b]0;pwned\u0007' } } })
    for (const { text } of [await clasper(), await clasper('show', id)]) {
      expect(text).toContain('pay\\u001b[2J\\u202e')
      expect(/[\p{Cc}\p{Cf}]/u.test(text.replaceAll('\n', ''))).toBe(false)
    }
  })
})
