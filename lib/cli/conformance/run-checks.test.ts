import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Fault, SecondBackend } from '@/e2e/fixtures/second-backend'
import { createReferenceBackend } from '@/examples/mission-control-lite/server'
import { parseEnv } from '@/lib/core/env'
import { programOf } from '../demo/program'
import { capture } from '../tasks/child'
import { openDesk } from './desk'
import { claimsOf } from './forged-tokens'
import { peopleFor } from './people'
import { junitOf, type Report } from './report'
import { runChecks } from './run-checks'

const SECRET = 'a-secret-of-the-tests-that-is-long-enough'
const INTERNAL = 'internal-token-of-the-tests'
const closers: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const peopleOf = (token = '', secret = SECRET) =>
  peopleFor(parseEnv({ AGENT_JWT_SECRET: secret, DATABASE_URL: 'file:./none.db' }), token)

const check = async (baseUrl: string, internalToken = ''): Promise<Report> =>
  runChecks(openDesk({ baseUrl, internalToken, patienceMs: 1_000, ...(await peopleOf()) }))

const named = ({ results }: Report, status: string) =>
  results.filter((result) => result.status === status).map(({ name }) => name)

const reference = async () => {
  const backend = await createReferenceBackend({ agentJwtSecret: SECRET, internalToken: INTERNAL })
  closers.push(() => backend.close())
  return backend
}

const second = async (...faults: Fault[]) => {
  const backend = await new SecondBackend(SECRET, faults).start()
  closers.push(() => backend.stop())
  return backend
}

describe('conformance', () => {
  it('passes everything on the reference backend and skips nothing', async () => {
    const report = await check((await reference()).url, INTERNAL)
    expect([named(report, 'failed'), named(report, 'skipped')]).toEqual([[], []])
    expect(report.passed).toBe(report.results.length)
    expect(report.results.slice(0, 6).map(({ name }) => name)).toEqual([
      'capabilities endpoint',
      'create task with idempotency',
      'idempotency repeat create',
      'list tasks',
      'post message',
      'post document',
    ])
  })

  it('passes a backend that was written from the contract alone, and does not count what it does not offer', async () => {
    const report = await check((await second()).url)
    expect(report.results.filter(({ status }) => status === 'failed')).toEqual([])
    expect(named(report, 'skipped')).toEqual([
      'notifications',
      'dispatch',
      'heartbeat',
      'standup',
      'tools',
      'unknown tool 404',
    ])
  })

  it.each<[Fault, readonly string[]]>([
    ['other-version', ['capabilities endpoint']],
    ['open-doors', ['401 without token', '401 with forged token', 'events']],
    ['trusts-the-unsigned', ['401 with forged token']],
    [
      'forgets-keys',
      [
        'idempotency repeat create',
        'idempotency of messages',
        'idempotency of documents',
        '409 on key reuse (tasks)',
        '409 on key reuse (messages)',
        '409 on key reuse (documents)',
      ],
    ],
    [
      'ignores-the-body-of-a-key',
      ['409 on key reuse (tasks)', '409 on key reuse (messages)', '409 on key reuse (documents)'],
    ],
    ['hides-tasks', ['list tasks', 'pagination follows next_cursor']],
    ['shares-tasks', ['isolation between users', 'isolation between tenants']],
    ['takes-empty-messages', ['empty message 400']],
    ['takes-any-task', ['isolation between users', 'isolation between tenants', 'unknown task 404']],
    ['changes-document-types', ['document types are kept']],
    ['one-page-for-ever', ['pagination follows next_cursor']],
    ['drops-content', ['post message']],
    ['tells-everybody', ['events of other users']],
  ])('finds in a backend with the fault "%s" what is wrong, and nothing else', async (fault, lines) => {
    const report = await check((await second(fault)).url)
    expect(named(report, 'failed')).toEqual(lines)
    for (const { status, error } of report.results) expect(Boolean(error)).toBe(status !== 'passed')
  })

  it('fails a backend that answers 201, that refuses in HTML, or whose events have no names', async () => {
    const created = await check((await second('says-201')).url)
    expect(named(created, 'failed')).toContain('create task with idempotency')
    expect(created.results.find(({ name }) => name === 'list tasks')).toMatchObject({ status: 'skipped' })
    const html = await check((await second('refuses-in-html')).url)
    expect(named(html, 'failed')).toContain('401 without token')
    const unnamed = await check((await second('unnamed-events')).url)
    expect(named(unnamed, 'failed')).toEqual(['events', 'events of other users'])
  }, 120_000)

  it('fails everything that can be asked of a backend that is away', async () => {
    const backend = await new SecondBackend(SECRET).start()
    await backend.stop()
    const report = await check(backend.url)
    expect(report.passed).toBe(0)
    expect(report.results[0]).toMatchObject({ status: 'failed', error: expect.stringContaining('ECONNREFUSED') })
  })
})

describe('with one token only', () => {
  it('skips what needs a second user and says so', async () => {
    const backend = await reference()
    const { me } = await peopleOf()
    const people = await peopleOf(me.token, '')
    expect(people.me).toEqual(me)
    const report = await runChecks(openDesk({ baseUrl: backend.url, internalToken: '', ...people }))
    expect(named(report, 'failed')).toEqual([])
    expect(named(report, 'skipped')).toEqual([
      'isolation between users',
      'isolation between tenants',
      'one user id in two tenants',
      'dispatch',
      'events of other users',
    ])
  })

  it('reads who the token is for, or assumes nothing', () => {
    expect(claimsOf('opaque')).toEqual({})
  })
})

describe('the report', () => {
  it('is XML whatever a backend says', () => {
    const results = [{ name: 'a<b', status: 'failed', error: '"\u0000\u001b[31m&\ud800' }] as const
    const text = junitOf({ baseUrl: 'x', passed: 0, failed: 1, results })
    expect(text).toContain('name="a&lt;b"')
    expect(text).toContain('message="&quot;??[31m&amp;?"')
    expect(text).toContain('tests="1" failures="1"')
  })
})

describe('clasper conformance', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clasper-conformance-'))
  const { command, args } = programOf(process.cwd(), true)
  const clasper = (words: string[], env: Record<string, string>) =>
    capture(command, [...args, 'conformance', ...words], {
      cwd: process.cwd(),
      env: { NODE_ENV: 'production', CONFORMANCE_REPORT_DIR: folder, AGENT_JWT_SECRET: SECRET, ...env },
    })

  it('prints a table, writes both reports and exits by the outcome', async () => {
    const good = await clasper([], { CONTROL_PLANE_URL: (await reference()).url, INTERNAL_API_TOKEN: INTERNAL })
    expect(good.output).toMatch(/\n\d+ passed, 0 failed, 0 skipped\n/)
    expect(good.code).toBe(0)
    const bad = await clasper(['--url', (await second('takes-empty-messages')).url], { CONTROL_PLANE_URL: '' })
    expect(bad.code).toBe(1)
    expect(bad.stdout).toMatch(/✗ empty message 400 +failed +an empty message: expected 400, got 200/)
    const report = JSON.parse(readFileSync(join(folder, 'conformance.json'), 'utf8'))
    expect(Object.keys(report)).toEqual(['baseUrl', 'passed', 'failed', 'results'])
    expect(report).toMatchObject({ failed: 1, baseUrl: expect.stringContaining('http://127.0.0.1') })
    expect(readFileSync(join(folder, 'junit.xml'), 'utf8')).toContain('<failure message="an empty message')
    rmSync(folder, { recursive: true, force: true })
  }, 120_000)

  it('says what it needs', async () => {
    const { code, output } = await clasper(['--url', 'http://127.0.0.1:1'], { AGENT_JWT_SECRET: '', AGENT_TOKEN: '' })
    expect(code).toBe(2)
    expect(output).toContain('AGENT_JWT_SECRET')
    expect(existsSync(join(folder, 'junit.xml'))).toBe(false)
  }, 120_000)
})
