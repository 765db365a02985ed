import { expect, it } from 'vitest'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { savedVersion } from '@/lib/core/testing/versions'
import { diffVersions, impactOf } from '..'

const skill = (name: string, tools = '', body = `Do ${name}.`) =>
  `---\nname: ${name}\ndescription: Does ${name}\n${tools === '' ? '' : `allowed-tools: ${tools}\n`}---\n\n${body}\n`

const BASE = {
  'AGENTS.md': 'Be kind.\n',
  'SOUL.md': 'A soul.\n',
  'souls/sales.md': 'Sell.\n',
  'skills/alpha/SKILL.md': skill('alpha', 'task_list'),
  'skills/beta/SKILL.md': skill('beta', '', 'First use `alpha`.'),
  'skills/gamma/SKILL.md': skill('gamma'),
  'policies/p.yaml': '- policy_id: first\n  subject: {type: tool}\n  effect: {decision: deny}\n',
}

describeEachDialect('what another version changes', (dialect) => {
  useKernel(dialect)

  const two = async (after: Record<string, string | undefined>) => {
    const { scope } = await newTenant()
    const wanted = Object.entries({ ...BASE, ...after }).flatMap(([path, text]) =>
      text === undefined ? [] : [[path, text]],
    )
    const from = await savedVersion(scope, 'w', BASE)
    const to = await savedVersion(scope, 'w', Object.fromEntries(wanted) as Record<string, string>)
    return { scope, from, to }
  }
  const impact = async (after: Record<string, string | undefined>) => {
    const { scope, from, to } = await two(after)
    return impactOf(scope, 'w', from, to)
  }

  it('lists the skill whose SKILL.md changed, and what depends on it', async () => {
    const found = await impact({ 'skills/alpha/SKILL.md': skill('alpha', 'task_list task_create') })
    expect(found.affected_skills).toEqual([
      { name: 'alpha', version: null, state: null, change_type: 'modified', affected_files: ['skills/alpha/SKILL.md'] },
      {
        name: 'beta',
        version: null,
        state: null,
        change_type: 'dependency_changed',
        affected_files: ['skills/alpha/SKILL.md'],
      },
    ])
    expect(found.permission_changes).toEqual([{ skill_name: 'alpha', tool_name: 'task_create', change_type: 'added' }])
    expect(found.summary).toMatchObject({ total_files_changed: 1, skills_affected: 2, permissions_changed: 1 })
    expect(found.risk).toEqual({ level: 'low', factors: ['1 permission changes'] })
  })

  it.each([['SOUL.md'], ['AGENTS.md'], ['TOOLS.md'], ['USER.md'], ['IDENTITY.md'], ['MEMORY.md']])(
    '%s touches every skill',
    async (path) => {
      const { affected_skills: skills, risk } = await impact({ [path]: 'Another.\n' })
      expect(skills.map(({ name, change_type: type }) => [name, type])).toEqual([
        ['alpha', 'dependency_changed'],
        ['beta', 'dependency_changed'],
        ['gamma', 'dependency_changed'],
      ])
      expect(risk.factors).toContain('3 skills are affected')
    },
  )

  it('counts a deleted skill, its tools and a prompt that is another one', async () => {
    const found = await impact({ 'skills/alpha/SKILL.md': undefined, 'AGENTS.md': 'Long rules. '.repeat(200) })
    expect(found.file_changes).toEqual({ added: [], modified: ['AGENTS.md'], deleted: ['skills/alpha/SKILL.md'] })
    expect(found.affected_skills.find(({ name }) => name === 'alpha')).toMatchObject({ change_type: 'deleted' })
    expect(found.permission_changes).toEqual([{ skill_name: 'alpha', tool_name: 'task_list', change_type: 'removed' }])
    expect(found.prompt_impact.delta).toBe(found.prompt_impact.new_size - found.prompt_impact.current_size)
    expect(found.prompt_impact.percent_change).toBeGreaterThan(30)
    expect(found.summary.estimated_cost_impact).toBe('increase')
    expect(found.risk.level).toBe('high')
    expect(found.recommendations.length).toBeGreaterThan(2)
  })

  it('is nothing between a version and itself, and everything where nothing ran before', async () => {
    const { scope, from } = await two({})
    const none = await impactOf(scope, 'w', from, from)
    expect(none.summary).toEqual({
      ...{ total_files_changed: 0, skills_affected: 0, permissions_changed: 0, estimated_cost_impact: 'unchanged' },
    })
    expect(none.risk).toEqual({ level: 'low', factors: [] })
    const all = await impactOf(scope, 'w', null, from)
    expect(all.file_changes.added).toEqual(Object.keys(BASE).sort())
    expect(all.affected_skills.map(({ change_type: type }) => type)).toEqual(['added', 'added', 'added'])
    expect(all.prompt_impact).toMatchObject({ current_size: 0, percent_change: null })
    expect(all.summary.estimated_cost_impact).toBe('unknown')
  })

  it('shows a diff of files, prompts by role, tools, permissions, policies and skills', async () => {
    const { scope, from, to } = await two({
      'souls/sales.md': 'Sell well.\n',
      'skills/alpha/SKILL.md': skill('alpha', 'task_create'),
      'skills/gamma/SKILL.md': undefined,
      'policies/p.yaml': '- policy_id: second\n  subject: {type: tool}\n  effect: {decision: deny}\n',
      'logo.svg': '<svg/>',
    })
    const diff = await diffVersions(scope, 'w', from, to)
    expect(diff.files.map(({ path, status }) => `${status} ${path}`)).toEqual([
      'added logo.svg',
      'modified policies/p.yaml',
      'modified skills/alpha/SKILL.md',
      'deleted skills/gamma/SKILL.md',
      'modified souls/sales.md',
    ])
    const sales = diff.files.find(({ path }) => path === 'souls/sales.md')
    expect(sales?.hunks).toEqual([
      { old_start: 1, old_lines: 1, new_start: 1, new_lines: 1, lines: ['-Sell.', '+Sell well.'] },
    ])
    expect(diff.prompts.map(({ role }) => role)).toEqual(['agent', 'sales'])
    expect(diff.prompts[1]?.hunks?.flatMap(({ lines }) => lines)).toContain('+Sell well.')
    expect(diff.tools).toEqual({ added: ['task_create'], removed: ['task_list'] })
    expect(diff.permissions).toEqual([
      { skill_name: 'alpha', tool_name: 'task_create', change_type: 'added' },
      { skill_name: 'alpha', tool_name: 'task_list', change_type: 'removed' },
    ])
    expect(diff.policies).toEqual([
      { policy_id: 'workspace/first', change: 'deleted' },
      { policy_id: 'workspace/second', change: 'added' },
    ])
    expect(diff.skills).toEqual([
      { name: 'alpha', location: 'skills/alpha/SKILL.md', change: 'modified' },
      { name: 'gamma', location: 'skills/gamma/SKILL.md', change: 'deleted' },
    ])
    expect(diff).toMatchObject({ is_same: false, summary: { files_changed: 5 }, notes: [] })
  })
})
