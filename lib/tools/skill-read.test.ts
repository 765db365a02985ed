import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Bundle, loadBundle, type SkillFiles } from '@/lib/workspace'
import { agentToken } from '../auth'
import { type Backend, backendFor } from '../control-plane'
import { identityOf, newTenant, scopeOf, type TestTenant, useKernel } from '../core/testing/kernel'
import { changeToolSettings } from './settings'
import { type Toolbox, toolsFor } from './toolbox'

const TEMPLATE = join(process.cwd(), 'workspace-template')
const RULES = 'refund-request/references/rules.md'
// Nobody listens there: reading a skill asks nobody.
const NOWHERE = 'http://127.0.0.1:9'

const never = new AbortController().signal

const backendOf = async ({ scope }: TestTenant): Promise<Backend> =>
  backendFor(scope, {
    userId: 'ada',
    role: 'agent',
    traceId: scope.traceId,
    workspaceId: 'default',
    token: await agentToken(scope, { userId: 'ada', role: 'agent' }),
    signal: never,
  })

const call = (box: Toolbox, path: unknown, name = 'skill_read') =>
  box.call(
    { id: 'c', name, arguments: { path } },
    {
      traceId: 't',
      taskId: null,
      signal: never,
      place: { role: 'agent', workspaceId: 'default', environment: 'default' },
    },
  )

const names = ({ specs }: Toolbox) => specs.map(({ name }) => name)

const shelf = (texts: Readonly<Record<string, string | null>>): SkillFiles => ({
  read: async (path) => {
    const text = texts[path]
    if (text === undefined) return { fault: 'unknown', near: [] }
    return text === null ? { fault: 'changed' } : { text }
  },
})

describe('reading the skills of the template', () => {
  useKernel('sqlite', { env: { CLASPER_WORKSPACE: TEMPLATE, BACKEND_URL: NOWHERE } })
  let tenant: TestTenant
  let bundle: Bundle

  beforeEach(async () => {
    tenant = await newTenant()
    bundle = await loadBundle(tenant.scope)
  })

  const open = async (scope = tenant.scope) => toolsFor(scope, { bundle, backend: await backendOf(tenant) })

  test('what a skill refers to is given to the model, word for word', async () => {
    const box = await open()
    expect(bundle.toolGrants).not.toContain('skill_read')
    expect(names(box)).toContain('skill_read')
    expect(box.sourceOf('skill_read')).toBe('built-in')
    const rules = readFileSync(join(TEMPLATE, 'skills', RULES), 'utf8')
    for (const path of [RULES, `skills/${RULES}`]) {
      const outcome = await call(box, path)
      expect(outcome).toMatchObject({ isError: false, permitted: true, decision: { decision: 'allow' } })
      expect(JSON.parse(outcome.content)).toBe(rules)
    }
  })

  test('the instructions come without their front matter', async () => {
    const text = JSON.parse((await call(await open(), 'skills/refund-request/SKILL.md')).content)
    expect(text).toMatch(/^# Prepare a refund/)
    expect(text).toContain('references/rules.md')
    expect(text).not.toContain('allowed-tools')
  })

  test('a wrong path is told the right one; what is no file of a skill stays unread', async () => {
    const box = await open()
    const short = await call(box, 'references/rules.md')
    expect(short).toMatchObject({ isError: true, permitted: true })
    expect(short.content).toContain(`skills/${RULES}`)
    for (const path of ['MEMORY.md', 'SOUL.md', '/etc/passwd', join(TEMPLATE, 'MEMORY.md')])
      expect(await call(box, path)).toMatchObject({
        isError: true,
        content: expect.stringContaining('no such text file'),
      })
    expect(await call(box, 'refund-request/../../MEMORY.md')).toMatchObject({
      permitted: false,
      reason: { layer: 'arguments' },
    })
    expect(await call(box, '')).toMatchObject({ isError: true, content: expect.stringContaining('do not fit') })
    expect(await call(box, 5)).toMatchObject({ isError: true, content: expect.stringContaining('do not fit') })
  })

  test('the tenant can deny it, leave it out, and so can a token', async () => {
    await changeToolSettings(tenant.scope, { denied_tools: ['skill_read'] })
    const refused = await open()
    expect(names(refused)).not.toContain('skill_read')
    expect(await call(refused, RULES)).toMatchObject({ permitted: false, reason: { layer: 'tenant' } })
    await changeToolSettings(tenant.scope, { allowed_tools: ['task_list'], denied_tools: [] })
    expect(names(await open())).toEqual(['task_list'])
    await changeToolSettings(tenant.scope, { allowed_tools: '*' })
    const held = scopeOf(identityOf(tenant.id, 'operator', { allowedTools: ['task_list'] }))
    expect(names(await open(held))).toEqual(['task_list'])
  })
})

describe('a tool that reads skills', () => {
  useKernel('sqlite', { env: { BACKEND_URL: NOWHERE } })
  let tenant: TestTenant

  beforeEach(async () => {
    tenant = await newTenant()
  })

  const open = async (
    skillFiles: SkillFiles | null,
    toolGrants: readonly string[] = [],
    httpTools: Bundle['httpTools'] = [],
  ) => toolsFor(tenant.scope, { bundle: { toolGrants, httpTools, skillFiles }, backend: await backendOf(tenant) })

  test('is there alone where skills grant nothing, and asks no backend', async () => {
    const box = await open(shelf({ a: 'text' }))
    expect(names(box)).toEqual(['skill_read'])
    expect(box.notes).toEqual([])
    expect(JSON.parse((await call(box, 'a')).content)).toBe('text')
    expect(await call(box, 'a', 'task_list')).toMatchObject({ permitted: false, reason: { layer: 'skills' } })
  })

  test('is not there where there is nothing to read, whatever is granted', async () => {
    expect(names(await open(null))).toEqual([])
    expect(await call(await open(null), 'a')).toMatchObject({ permitted: false, reason: { layer: 'skills' } })
    expect(names(await open(null, ['skill_read', 'task_list']))).toEqual(['task_list'])
  })

  test('is the built-in one, whoever else has its name', async () => {
    const impostor = { name: 'skill_read', skill: 'x', description: '', method: 'POST', url: NOWHERE } as const
    const tool = { ...impostor, headers: {}, parameters: { type: 'object' as const } }
    const box = await open(shelf({ a: 'text' }), [], [tool])
    expect(box.sourceOf('skill_read')).toBe('built-in')
    expect(box.notes).toEqual([expect.stringContaining('The skill tool skill_read is left out')])
  })

  test('caps what it gives, and says what changed', async () => {
    const box = await open(shelf({ long: 'ä'.repeat(100_000), changed: null }))
    const long = await call(box, 'long')
    expect(long.isError).toBe(false)
    expect(Buffer.byteLength(long.content)).toBeLessThanOrEqual(64 * 1024)
    expect(long.content).toMatch(/\[truncated: \d+ of \d+ bytes are shown\]$/)
    expect(await call(box, 'changed')).toMatchObject({
      isError: true,
      permitted: true,
      content: expect.stringContaining('changed meanwhile'),
    })
  })
})

describe('where the mode is strict', () => {
  useKernel('sqlite', { env: { CLASPER_WORKSPACE: TEMPLATE, CLASPER_MODE: 'strict', BACKEND_URL: NOWHERE } })

  test('a policy has to allow it', async () => {
    const tenant = await newTenant()
    const bundle = await loadBundle(tenant.scope)
    const box = await toolsFor(tenant.scope, { bundle, backend: await backendOf(tenant) })
    expect(await call(box, RULES)).toMatchObject({ permitted: false, reason: { layer: 'policy' } })
  })
})
