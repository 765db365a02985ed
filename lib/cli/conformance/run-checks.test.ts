import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Fault, SecondBackend } from '@/e2e/fixtures/second-backend'
import { startSpoiled } from '@/e2e/fixtures/spoiled-backend'
import { SPOILS } from '@/e2e/fixtures/spoils'
import { createReferenceBackend, type ReferenceBackend } from '@/examples/mission-control-lite/server'
import { parseEnv } from '@/lib/core/env'
import { programOf } from '../demo/program'
import { capture } from '../tasks/child'
import { openDesk } from './desk'
import { claimsOf } from './forged-tokens'
import { peopleFor } from './people'
import { junitOf, type Report, tableOf } from './report'
import { runChecks } from './run-checks'
import { TOKEN_CHECKS } from './token-checks'

const SECRET = 'a-secret-of-the-tests-that-is-long-enough'
const INTERNAL = 'internal-token-of-the-tests'
const closers: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const peopleOf = (token = '', secret = SECRET) =>
  peopleFor(parseEnv({ AGENT_JWT_SECRET: secret, DATABASE_URL: 'file:./none.db' }), token)

const TOOL = { name: 'refund_create', arguments: { order_id: '1042', amount_usd: 1, reason: 'crackles' } }

const check = async (baseUrl: string, internalToken = '', tool = TOOL): Promise<Report> =>
  runChecks(openDesk({ baseUrl, internalToken, tool, patienceMs: 1_000, ...(await peopleOf()) }))

const TOKEN_LINES = TOKEN_CHECKS.map(({ name }) => name)

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

// One sound backend stands behind all spoiled ones: every run brings its own people.
const sound = {} as { backend: ReferenceBackend }
beforeAll(async () => {
  sound.backend = await createReferenceBackend({ agentJwtSecret: SECRET, internalToken: INTERNAL })
})
afterAll(() => sound.backend.close())

const spoiled = async (spoil: keyof typeof SPOILS) => {
  const front = await startSpoiled(sound.backend.url, SECRET, SPOILS[spoil])
  closers.push(() => front.stop())
  return check(front.url, INTERNAL)
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
      'notifications of other users',
      'dispatch',
      'delivery of notifications',
      'heartbeat',
      'standup',
      'tools',
      'unknown tool 404',
      'tool call under a used key',
    ])
  })

  it.each<[Fault, readonly string[]]>([
    ['other-version', ['capabilities endpoint']],
    ['open-doors', ['401 without token', '401 with forged token', ...TOKEN_LINES, 'events']],
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

  it.each<[keyof typeof SPOILS, readonly string[]]>([
    ['takes expired tokens', ['401 with a token that has expired']],
    ['takes tokens without exp', ['401 with a token without exp']],
    ['takes tokens of another type', ['401 with a token of another type']],
    ['takes tokens without user_id', ['401 with a token without user_id']],
    ['takes tokens without agent_role', ['401 with a token without agent_role']],
    ['shows the requests of everybody', ['tool requests of other users']],
    ['shows the notifications of everybody', ['notifications of other users']],
    ['omits a flag', ['capabilities endpoint']],
    [
      'changes the reply of a key',
      ['idempotency repeat create', 'idempotency of messages', 'idempotency of documents'],
    ],
    ['minds the order of fields', ['idempotency of messages', 'idempotency of documents']],
    ['delivers nothing', ['delivery of notifications']],
    ['delivers for anybody', ['delivery of notifications']],
    ['lists requests without items', ['tool requests']],
    ['lists notifications without items', ['notifications']],
    ['takes any status', ['unknown task status 400']],
    ['takes any document type', ['unknown document type 400']],
    ['refuses unknown fields', ['unknown fields are ignored']],
    ['refuses metadata', ['all agreed fields are taken']],
    ['refuses attachments', ['all agreed fields are taken']],
    ['hears a heartbeat of anybody', ['heartbeat']],
    ['stands up for anybody', ['standup']],
    ['says 403 of foreign tasks', ['isolation between users', 'isolation between tenants', 'unknown task 404']],
    ['runs a tool twice', ['tool call under a used key']],
  ])('finds in a backend that %s what is wrong, and nothing else', async (spoil, lines) => {
    expect(named(await spoiled(spoil), 'failed')).toEqual(lines)
  })

  it('has nothing against a backend that decides elsewhere, or that is busy now and then', async () => {
    const elsewhere = await spoiled('decides elsewhere')
    expect([named(elsewhere, 'failed'), named(elsewhere, 'skipped')]).toEqual([[], ['tool requests are decided']])
    const busy = await spoiled('is busy now and then')
    expect([named(busy, 'failed'), named(busy, 'skipped')]).toEqual([[], []])
  })

  it('calls no tool that nobody named', async () => {
    const { me, another, sign } = await peopleOf()
    const baseUrl = (await reference()).url
    const report = await runChecks(openDesk({ baseUrl, internalToken: INTERNAL, me, another, sign }))
    expect([named(report, 'failed'), named(report, 'skipped')]).toEqual([[], ['tool call under a used key']])
  })

  it('leaves no notification behind that would wake an agent', async () => {
    const backend = await reference()
    await check(backend.url, INTERNAL)
    expect(backend.store.all('SELECT id FROM notifications')).not.toEqual([])
    expect(backend.store.all('SELECT id FROM notifications WHERE delivered_at IS NULL')).toEqual([])
  })

  it('fails a backend that answers 201, that refuses in HTML, or whose events have no names', async () => {
    const created = await check((await second('says-201')).url)
    expect(named(created, 'failed')).toContain('create task with idempotency')
    expect(created.results.find(({ name }) => name === 'list tasks')).toMatchObject({ status: 'skipped' })
    expect(tableOf(created).at(-1)).toMatch(/^Begin with "create task with idempotency": .* got 201\. Of \d+ further/)
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
      ...TOKEN_LINES,
      'isolation between users',
      'isolation between tenants',
      'one user id in two tenants',
      'notifications of other users',
      'dispatch',
      'delivery of notifications',
      'events of other users',
      'tool requests of other users',
      'tool call under a used key',
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
    const toolWords = ['--tool', TOOL.name, '--arguments', JSON.stringify(TOOL.arguments)]
    const good = await clasper(toolWords, { CONTROL_PLANE_URL: (await reference()).url, INTERNAL_API_TOKEN: INTERNAL })
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

  it('explains itself', async () => {
    const { code, stdout, output } = await clasper(['--help'], {})
    expect(code).toBe(0)
    for (const word of [
      'Usage: clasper conformance',
      'AGENT_JWT_SECRET',
      'AGENT_TOKEN',
      'INTERNAL_API_TOKEN',
      '--tool',
    ])
      expect(stdout).toContain(word)
    expect(output).not.toContain('Unknown option')
    const wrong = await clasper(['--tool', 'x', '--arguments', '[]'], {})
    expect([wrong.code, wrong.output]).toEqual([2, expect.stringContaining('not a JSON object')])
  }, 120_000)

  it('says what it needs', async () => {
    const { code, output } = await clasper(['--url', 'http://127.0.0.1:1'], { AGENT_JWT_SECRET: '', AGENT_TOKEN: '' })
    expect(code).toBe(2)
    expect(output).toContain('AGENT_JWT_SECRET')
    expect(existsSync(join(folder, 'junit.xml'))).toBe(false)
  }, 120_000)
})
