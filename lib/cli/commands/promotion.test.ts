import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import * as approving from '@/app/ops/api/workspaces/[workspaceId]/promotions/[id]/approve/route'
import * as cancelling from '@/app/ops/api/workspaces/[workspaceId]/promotions/[id]/cancel/route'
import * as executing from '@/app/ops/api/workspaces/[workspaceId]/promotions/[id]/execute/route'
import * as goingBack from '@/app/ops/api/workspaces/[workspaceId]/promotions/[id]/rollback/route'
import * as one from '@/app/ops/api/workspaces/[workspaceId]/promotions/[id]/route'
import * as checking from '@/app/ops/api/workspaces/[workspaceId]/promotions/check/route'
import * as many from '@/app/ops/api/workspaces/[workspaceId]/promotions/route'
import * as back from '@/app/ops/api/workspaces/[workspaceId]/rollback/route'
import { dateOf } from '@/lib/core/clock'
import { systemWrite } from '@/lib/core/system-db'
import { keepLogin } from '@/lib/core/testing/cli-login'
import { type ConsoleServer, startConsole } from '@/lib/core/testing/console-server'
import { describeEachDialect } from '@/lib/core/testing/database'
import { useIdentityHouse } from '@/lib/core/testing/identity'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { person, threeStages, versionOf, WORKSPACE, workOffPromotions } from '@/lib/core/testing/promotions'
import { approvePromotion } from '@/lib/promotion'
import { readPin } from '@/lib/workspace'
import { promotion } from './promotion'

const config = mkdtempSync(join(tmpdir(), 'clasper-promotion-cli-'))
const GATES = { 'gates.yaml': 'environments: { staging: { approvals: { required: 1 } } }' }
const PLACE = '/ops/api/workspaces/[workspaceId]'
const UUID = /[0-9a-f]{8}-[0-9a-f-]{27}/

describeEachDialect('clasper promotion', (dialect) => {
  const house = useIdentityHouse(dialect)
  let server: ConsoleServer
  const said: string[] = []
  const terminal = { out: (line: string) => void said.push(line), err: () => undefined, cwd: '/' }
  const clasper = async (...words: string[]) => {
    said.length = 0
    const code = await promotion.run([...words, '--workspace', WORKSPACE, '--server', server.url], terminal)
    return { code, text: said.join('\n') }
  }
  const fails = (...words: string[]) =>
    clasper(...words).then(
      () => 'none',
      (error: Error) => error.message,
    )
  const scope = () => scopeOf(identityOf('acme'))

  beforeAll(async () => {
    server = await startConsole({
      [`${PLACE}/promotions`]: many,
      [`${PLACE}/promotions/check`]: checking,
      [`${PLACE}/promotions/[id]`]: one,
      [`${PLACE}/promotions/[id]/approve`]: approving,
      [`${PLACE}/promotions/[id]/cancel`]: cancelling,
      [`${PLACE}/promotions/[id]/execute`]: executing,
      [`${PLACE}/promotions/[id]/rollback`]: goingBack,
      [`${PLACE}/rollback`]: back,
    })
    const row = { id: 'acme', name: 'Acme', createdAt: dateOf('2026-01-01') }
    await systemWrite(({ client }) => client.tenant.upsert({ where: { id: 'acme' }, create: row, update: {} }))
    await threeStages(scope())
  })
  beforeEach(async () => {
    vi.stubEnv('XDG_CONFIG_HOME', config)
    await keepLogin(config, house.idp, server.url, 'ada')
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await server.close()
    rmSync(config, { recursive: true, force: true })
  })

  it('asks, waits for another person, executes, and takes back', async () => {
    const first = await versionOf(scope(), GATES, { environment: 'staging' })
    const next = await versionOf(scope(), { ...GATES, 'SOUL.md': 'Next.' }, { environment: 'dev' })
    const looked = await clasper('check', 'dev', 'staging')
    expect(looked.code).toBe(1)
    expect(looked.text).toMatch(/FAIL {2}approvals/)
    const made = await clasper('create', 'dev', 'staging', '--note', 'winter', '--no-wait')
    const id = UUID.exec(made.text)?.[0] ?? ''
    await workOffPromotions()
    expect((await clasper()).text).toContain(`${id}  dev → staging  ${next.slice(0, 16)}  waiting  approvals`)
    expect(await fails('approve', id)).toContain('own_request')
    expect(await fails('execute', id, '--reason', 'now')).toContain('0 of 1 approvals')
    await approvePromotion(person('acme', 'ben'), WORKSPACE, id, { decision: 'approve' })
    expect((await clasper('execute', id, '--reason', 'now')).text).toMatch(/status +executed/)
    expect(await readPin(scope(), WORKSPACE, 'staging')).toMatchObject({ versionHash: next })
    expect((await clasper('rollback', id, '--reason', 'it answers nonsense')).text).toMatch(/status +rolled_back/)
    expect(await readPin(scope(), WORKSPACE, 'staging')).toMatchObject({ versionHash: first })
    const again = await clasper('back', next.slice(0, 12), '--environment', 'staging', '--reason', 'it was right')
    expect(again.text).toBe(`staging runs ${next.slice(0, 16)} again.`)
  })

  it('refuses what it cannot do, and nothing that somebody wrote steers the terminal', async () => {
    expect(await fails('execute', 'x', '--reason', 'now')).toContain('is no id')
    expect(await fails('create', 'dev')).toContain('Name both environments')
    expect(await fails('frobnicate')).toContain('not known')
    expect(await fails('create', 'dev', 'staging', '--canary', '101')).toContain('percentage')
    expect(await fails('create', 'dev', 'staging', '--users', 'ada')).toContain('--users goes with --canary')
    const trial = await clasper(
      'create',
      'dev',
      'staging',
      '--canary',
      '5',
      '--users',
      'ada,ben',
      '--no-wait',
      '--json',
    )
    const { id, next } = JSON.parse(trial.text) as { id: string; next: object }
    expect(next).toMatchObject({ canary: { percent: 5, users: ['ada', 'ben'] } })
    await clasper('cancel', id, '--reason', 'another way')
    const { text } = await clasper('create', 'dev', 'staging', '--note', 'a\u001b[2Jb', '--no-wait')
    expect(/[\p{Cc}\p{Cf}]/u.test(text.replaceAll('\n', ''))).toBe(false)
    expect(text).toContain('a\\u001b[2Jb')
  })
})
