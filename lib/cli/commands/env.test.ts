import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import * as servicePromote from '@/app/(api)/workspace/[workspaceId]/canary/promote/route'
import * as serviceCanary from '@/app/(api)/workspace/[workspaceId]/canary/route'
import * as serviceHistory from '@/app/(api)/workspace/[workspaceId]/pins/history/route'
import * as serviceInit from '@/app/(api)/workspace/envs/init/route'
import * as serviceEnvs from '@/app/(api)/workspace/envs/route'
import * as servicePin from '@/app/(api)/workspace/pin/route'
import * as opsInit from '@/app/ops/api/workspace/envs/init/route'
import * as opsEnvs from '@/app/ops/api/workspace/envs/route'
import * as opsPin from '@/app/ops/api/workspace/pin/route'
import * as opsCanary from '@/app/ops/api/workspaces/[workspaceId]/canary/route'
import * as opsHistory from '@/app/ops/api/workspaces/[workspaceId]/pins/history/route'
import { dateOf } from '@/lib/core/clock'
import { systemWrite } from '@/lib/core/system-db'
import { keepLogin } from '@/lib/core/testing/cli-login'
import { type ConsoleServer, startConsole } from '@/lib/core/testing/console-server'
import { describeEachDialect } from '@/lib/core/testing/database'
import { useIdentityHouse } from '@/lib/core/testing/identity'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { saveVersion } from '@/lib/workspace'
import { env } from './env'

const config = mkdtempSync(join(tmpdir(), 'clasper-env-cli-'))
const KEY = 'daemon-key-of-the-tests'
const short = (hash: string) => hash.slice(0, 12)

describeEachDialect('clasper env', (dialect) => {
  const house = useIdentityHouse(dialect, {
    env: { AGENT_DAEMON_API_KEY: KEY, CLASPER_DEFAULT_TENANT_ID: 'acme' },
  })
  let server: ConsoleServer
  let count = 0
  let workspace = ''
  const said: string[] = []
  const terminal = { out: (line: string) => void said.push(line), err: () => undefined, cwd: config }
  const clasper = async (...words: string[]) => {
    said.length = 0
    await env.run([...words, '--workspace', workspace, '--server', server.url], terminal)
    return said.join('\n')
  }
  const fails = (...words: string[]) =>
    clasper(...words).then(
      () => 'none',
      (error: Error) => error.message,
    )
  const made = async (soul: string) => {
    const files = [{ path: 'SOUL.md', bytes: Buffer.from(soul) }]
    const scope = scopeOf(identityOf('acme'))
    return (await saveVersion(scope, { workspaceId: workspace, files, source: 'console' })).hash
  }

  beforeAll(async () => {
    server = await startConsole({
      '/workspace/pin': servicePin,
      '/workspace/envs': serviceEnvs,
      '/workspace/envs/init': serviceInit,
      '/workspace/[workspaceId]/canary': serviceCanary,
      '/workspace/[workspaceId]/canary/promote': servicePromote,
      '/workspace/[workspaceId]/pins/history': serviceHistory,
      '/ops/api/workspace/pin': opsPin,
      '/ops/api/workspace/envs': opsEnvs,
      '/ops/api/workspace/envs/init': opsInit,
      '/ops/api/workspaces/[workspaceId]/canary': opsCanary,
      '/ops/api/workspaces/[workspaceId]/pins/history': opsHistory,
    })
    const row = { id: 'acme', name: 'Acme', createdAt: dateOf('2026-01-01') }
    await systemWrite(({ client }) => client.tenant.upsert({ where: { id: 'acme' }, create: row, update: {} }))
  })
  beforeEach(() => {
    count += 1
    workspace = `env-${count}`
    vi.stubEnv('XDG_CONFIG_HOME', config)
    vi.stubEnv('AGENT_DAEMON_API_KEY', KEY)
  })
  afterEach(() => vi.unstubAllEnvs())
  afterAll(async () => {
    await server.close()
    rmSync(config, { recursive: true, force: true })
  })

  it('makes the three, pins, locks, and tells what happened', async () => {
    const [first, next] = [await made('First.'), await made('Next.')]
    expect(await clasper('init')).toMatch(/^dev {10}-.*default$/m)
    expect(await clasper('pin', 'dev', first.slice(0, 8), '--reason', 'as it begins')).toBe(
      `dev runs ${short(first)} (revision 1)`,
    )
    expect(await clasper('pin', 'dev', next)).toContain(`dev runs ${short(next)} (revision 2)`)
    expect(await clasper()).toMatch(new RegExp(`^dev +${short(next)} +- +- +default$`, 'm'))
    expect(await clasper('lock', 'dev')).toBe('dev is locked')
    expect(await fails('pin', 'dev', first)).toContain('environment_locked')
    expect(await clasper('unlock', 'dev')).toBe('dev is not locked')
    expect(await clasper('unpin', 'dev')).toContain('is not pinned any more')
    const told = await clasper('history', 'dev')
    const kinds = told.split('\n').map((line) => line.split(/ {2,}/)[2])
    expect(kinds.sort()).toEqual(['pin', 'pin', 'unpin', 'what'])
    expect(told).toContain('as it begins')
  })

  it('tries a version on some, compares, and ends it either way', async () => {
    const [first, next] = [await made('First.'), await made('Next.')]
    await clasper('init')
    await clasper('pin', 'dev', first)
    expect(await clasper('canary', 'dev', next, '--percent', '10', '--users', 'ada, ben')).toBe(
      `dev runs ${short(first)}, with a canary of ${short(next)} for 10 % and 2 by name (revision 2)`,
    )
    expect(await clasper('canary', 'dev')).toMatch(new RegExp(`^canary +${short(next)} +0 `, 'm'))
    expect(await clasper('canary', 'dev', '--percent', '20')).toContain('for 20 %')
    expect(await clasper('canary', 'dev', '--end')).toBe(`dev runs ${short(first)} (revision 4)`)
    await clasper('canary', 'dev', next, '--percent', '50')
    expect(await clasper('canary', 'dev', '--promote')).toContain(`dev runs ${short(next)} (`)
  })

  it('acts as the person of the login where there is no key', async () => {
    vi.stubEnv('AGENT_DAEMON_API_KEY', '')
    await keepLogin(config, house.idp, server.url, 'ada')
    const first = await made('First.')
    await clasper('init')
    await clasper('pin', 'dev', first)
    expect(await clasper('history')).toContain('ada')
    const said = JSON.parse(await clasper('list', '--json')) as { environments: { environment: string }[] }
    expect(said.environments.map(({ environment }) => environment)).toEqual(['dev', 'staging', 'prod'])
  })

  it('refuses what it cannot do', async () => {
    expect(await fails('frobnicate')).toContain('not known')
    expect(await fails('pin')).toContain('Which environment?')
    expect(await fails('pin', 'dev', 'v1')).toContain('8 to 64 digits')
    expect(await fails('canary', 'dev', '--percent', '101')).toContain('0 to 100')
    expect(await fails('canary', 'dev', '--end', '--promote')).toContain('not both')
    expect(await fails('init', '--default', 'live')).toContain('dev, staging, prod')
  })
})
