import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { fixedClock } from '@/lib/core/clock'
import { useFolder } from '@/lib/core/testing/folder'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { composePrompt, isActiveAt, listSkills, loadBundle } from '.'
import { RoleName } from './contract'

const AT = new Date('2026-01-15T09:00:00Z')
const TEAM = join(process.cwd(), 'docs/examples/support-team')

const Config = z.strictObject({
  workspace_id: z.string(),
  agents: z.array(
    z.strictObject({
      role: RoleName,
      session_key: z.string().startsWith('user:{userId}:'),
      purpose: z.string(),
      task_title: z.string().optional(),
      heartbeat: z.strictObject({ every_minutes: z.number() }).optional(),
      skills: z.array(z.string()).min(1),
    }),
  ),
})

const promptOf = async (role: string, isHeartbeat = false) => {
  const { scope } = await newTenant()
  const bundle = await loadBundle(scope)
  return { bundle, scope, ...(await composePrompt(scope, bundle, { role, isHeartbeat, message: 'hi' })) }
}

describe('the worked example', () => {
  useKernel('sqlite', { clock: fixedClock(AT), env: { CLASPER_WORKSPACE: join(TEAM, 'workspace') } })
  const config = Config.parse(JSON.parse(readFileSync(join(TEAM, 'agent-config.json'), 'utf8')))

  it('has a persona for every role, a session key that ends in it, and no other', () => {
    const souls = readdirSync(join(TEAM, 'workspace/souls')).map((file) => file.replace('.md', ''))
    expect(config.agents.map(({ role }) => role).sort()).toEqual(souls.sort())
    for (const { role, session_key } of config.agents) expect(session_key).toBe(`user:{userId}:${role}`)
  })

  it('has skills without a single warning, all of them ready', async () => {
    const { scope } = await promptOf('triage')
    const { skills, enabled, total } = await listSkills(scope)
    expect(skills.filter(({ warnings }) => warnings.length > 0)).toEqual([])
    expect(enabled).toBe(total)
    const named = new Set(config.agents.flatMap((agent) => agent.skills))
    expect(skills.map(({ name }) => name).sort()).toEqual([...named].sort())
  })

  it.each(config.agents.map(({ role }) => role))('composes a prompt for %s', async (role) => {
    const { system, notes, bundle } = await promptOf(role)
    expect(system).toContain(readFileSync(join(TEAM, `workspace/souls/${role}.md`), 'utf8').trim())
    expect(system).not.toContain('You are a member of a small support team')
    expect(system).toContain('### Yesterday (2026-01-14)')
    expect(system).toContain('## First Run')
    expect(notes).toMatchObject({ truncated: [], omitted: [], skills: 'block' })
    expect(bundle.warnings).toEqual([])
  })

  it('permits what its skills name, and never the tool that pays', async () => {
    const { bundle } = await promptOf('billing')
    expect([...bundle.toolGrants].sort()).toEqual([
      ...['document_post', 'message_post', 'order_lookup', 'parcel_status', 'task_create', 'task_list'],
    ])
    expect(bundle.httpTools).toMatchObject([{ name: 'parcel_status', skill: 'track-parcel' }])
  })

  it('rests at night', async () => {
    const { activeHours } = (await promptOf('triage')).bundle
    expect(isActiveAt(activeHours, new Date('2026-01-15T06:29:00Z'), 'UTC')).toBe(false)
    expect(isActiveAt(activeHours, new Date('2026-01-15T06:30:00Z'), 'UTC')).toBe(true)
  })
})

describe('the template', () => {
  useKernel('sqlite', { clock: fixedClock(AT), env: { CLASPER_WORKSPACE: join(process.cwd(), 'workspace-template') } })

  it('is whole: skills without warnings, the tools of the demo permitted, nothing cut', async () => {
    const { bundle, notes, scope, system } = await promptOf('trade', true)
    expect((await listSkills(scope)).skills.flatMap(({ warnings }) => warnings)).toEqual([])
    for (const tool of ['task_list', 'task_create', 'message_post', 'document_post', 'order_lookup'])
      expect(bundle.toolGrants).toContain(tool)
    expect(bundle.toolGrants).not.toContain('refund_create')
    expect(notes).toEqual({ truncated: [], omitted: [], skills: 'block' })
    expect(system).toContain('speaking to people who run a business')
    expect(bundle).toMatchObject({ heartbeatIsEmpty: false, warnings: [] })
  })
})

describe('docs/WORKSPACE.md', () => {
  const root = useFolder()
  useKernel('sqlite', {
    clock: fixedClock(new Date('2026-11-21T15:07:00Z')),
    env: { CLASPER_WORKSPACE: root.path, CLASPER_DEFAULT_TIMEZONE: 'Europe/Berlin' },
  })
  const text = readFileSync(join(process.cwd(), 'docs/WORKSPACE.md'), 'utf8')
  const blocks = [...text.matchAll(/^```(\w+) ([^\n]+)\n([\s\S]*?)^```$/gm)].map(([, , info = '', body = '']) => ({
    info,
    body,
  }))
  const bodyOf = (info: string) => blocks.find((block) => block.info === info)?.body ?? ''

  it('shows files that make exactly the prompt and the answers it shows', async () => {
    const files = blocks.filter(({ info }) => /[.](?:md|yaml)$/.test(info))
    expect(files.length).toBeGreaterThanOrEqual(5)
    root.write(Object.fromEntries(files.map(({ info, body }) => [info, body])))
    const { system, scope, bundle } = await promptOf('trade')
    expect(`${system}\n`).toBe(bodyOf('the prompt'))
    const { skills } = await listSkills(scope)
    expect(skills).toMatchObject(JSON.parse(bodyOf('GET /skills')).skills)
    expect(bundle.httpTools.map(({ name }) => name)).toEqual(['stock_level'])
    expect(bundle.warnings).toEqual([])
    const { path } = JSON.parse(bodyOf('skill_read'))
    expect(await bundle.skillFiles?.read(path)).toEqual({ text: bodyOf('the file') })
  })
})
