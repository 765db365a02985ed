import { describe, expect, it } from 'vitest'
import type { FileSkill } from './parse-skill'
import { parseSkill } from './parse-skill'
import { renderSkills, skillBlock, skillCatalog } from './skill-block'
import { httpToolsOf, skillSet, toolGrantsOf } from './skill-set'

const host = { platform: 'linux', hasVariable: () => false, hasBin: () => false, hasConfig: () => false }

const make = (name: string, head = '', body = `Body of ${name}.`, folder = `skills/${name}`): FileSkill =>
  parseSkill(
    {
      folder,
      source: 'workspace',
      text: `---\nname: ${name}\ndescription: About ${name}\n${head}\n---\n${body}`,
      files: [],
    },
    host,
  )

describe('the block', () => {
  it('stands as specified', () => {
    const skills = [
      make('one', 'metadata: {"openclaw":{"emoji":"📦"}}'),
      make('two', '', 'See {baseDir}/rules.md, {baseDir}.'),
    ]
    expect(skillBlock(skills)).toBe(
      '### 📦 one\n\nBody of one.\n\n---\n\n### two\n\nSee skills/two/rules.md, skills/two.',
    )
  })

  it('is a block up to 18,000 characters and a catalog from the next one on', () => {
    const of = (length: number) => [make('one', '', 'x'.repeat(length - '### one\n\n'.length))]
    expect(renderSkills(of(18_000))).toMatchObject({ form: 'block' })
    expect(renderSkills(of(18_001))).toEqual({
      form: 'catalog',
      shortened: false,
      text: [
        '<available_skills>',
        '  <skill>',
        '    <name>one</name>',
        '    <description>About one</description>',
        '    <location>skills/one/SKILL.md</location>',
        '  </skill>',
        '</available_skills>',
      ].join('\n'),
    })
  })
})

describe('the catalog', () => {
  it('escapes what would end an element', () => {
    const skill = { ...make('one'), description: `<b> & "it's" </description>` }
    expect(skillCatalog([skill]).text).toContain(
      '<description>&lt;b&gt; &amp; &quot;it&apos;s&quot; &lt;/description&gt;</description>',
    )
  })

  it('keeps every name and location and shortens descriptions, and says so', () => {
    const skills = Array.from({ length: 64 }, (_, at) => ({ ...make(`skill-${at}`), description: '😀'.repeat(500) }))
    const { text, shortened } = skillCatalog(skills)
    expect(shortened).toBe(true)
    expect(text.length).toBeLessThan(18_100)
    for (const { name, location } of skills)
      expect(text.includes(`<name>${name}</name>`) && text.includes(location)).toBe(true)
    expect(text.endsWith('[Some descriptions were shortened: prompt size limit.]')).toBe(true)
    expect(/[\ud800-\udbff](?![\udc00-\udfff])/.test(text)).toBe(false)
  })
})

describe('the set', () => {
  it('lets the first of a name win and tells of the others', () => {
    const set = skillSet([make('one'), make('one', 'allowed-tools: "*"', 'Other', '.agents/skills/one')])
    expect(set.map(({ isKnown, isVisible }) => [isKnown, isVisible])).toEqual([
      [true, true],
      [false, false],
    ])
    expect(set[1]?.gateReason).toBe('Skipped: skills/one/SKILL.md has the same name')
    expect(toolGrantsOf(set)).toEqual([])
  })

  it('permits what the skills in play permit, and no more', () => {
    const set = skillSet([
      make('one', 'allowed-tools: task_list ns:*'),
      make('two', 'allowed-tools: task_list task_create'),
      make('off', 'allowed-tools: "*"\nmetadata: {"openclaw":{"requires":{"env":["X"]}}}'),
      make('hidden', 'allowed-tools: secret_tool\ndisable-model-invocation: true'),
    ])
    expect(toolGrantsOf(set)).toEqual(['task_list', 'ns:*', 'task_create'])
    expect(httpToolsOf(set)).toEqual([])
  })

  it('carries 64 skills and names what is left out', () => {
    const set = skillSet(Array.from({ length: 66 }, (_, at) => make(`s-${at}`)))
    expect(set.filter(({ isVisible }) => isVisible)).toHaveLength(64)
    expect(set[65]?.warnings.join()).toMatch(/at most 64/)
  })
})
