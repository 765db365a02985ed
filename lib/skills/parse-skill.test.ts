import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SkillHost } from './gates'
import { parseSkill } from './parse-skill'

const host: SkillHost = {
  platform: 'linux',
  hasVariable: (name) => name === 'SET',
  hasBin: (name) => name === 'git',
  hasConfig: (key) => key === 'mail.enabled',
}

const read = (text: string, folder = 'skills/alpha', files = ['SKILL.md']) =>
  parseSkill({ folder, source: 'workspace', text, files }, host)

const skill = (head: string, body = 'Do it.') => read(`---\n${head}\n---\n\n${body}\n`)

const lines = (count: number, make: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => make(i)).join('\n')

const GOOD = 'name: alpha\ndescription: Does alpha'

describe('front matter', () => {
  it('reads YAML, and what Agent Skills accept has no warnings', () => {
    const found = skill(
      `${GOOD}\nlicense: MIT\ncompatibility: Needs git\nallowed-tools: Bash(git:*) Read\nmetadata:\n  author: me\n  version: "1.0"`,
    )
    expect(found).toMatchObject({
      name: 'alpha',
      description: 'Does alpha',
      body: 'Do it.',
      location: 'skills/alpha/SKILL.md',
      isKnown: true,
      isEnabled: true,
      isVisible: true,
      allowedTools: ['Bash(git:*)', 'Read'],
      metadata: { author: 'me', version: '1.0' },
      warnings: [],
    })
    expect(found.extra).toMatchObject({ license: 'MIT', compatibility: 'Needs git', 'user-invocable': true })
  })

  it.each([
    ['a map', 'metadata:\n  openclaw:\n    emoji: "x"\n    always: true'],
    ['JSON', `metadata: '{"openclaw":{"emoji":"x","always":true}}'`],
    ['JSON in flow', 'metadata: {"openclaw":{"emoji":"x","always":true}}'],
    ['JSON5', `metadata: "{openclaw:{emoji:'x',always:true,},}"`],
    ['text to text', `metadata:\n  openclaw: '{"emoji":"x","always":true}'`],
    ['the legacy name', 'metadata:\n  clawdbot:\n    emoji: x\n    always: true'],
  ])('takes metadata as %s', (_, head) => {
    expect(skill(`${GOOD}\n${head}`)).toMatchObject({ emoji: 'x', always: true, warnings: [] })
  })

  it('falls back to single lines where YAML gives up, and says so', () => {
    const found = skill(
      'name: alpha\ndescription: Use when: somebody asks\nmetadata: {"openclaw":{"emoji":"x"}}\nallowed-tools:\n  - task_list\n  - task_create',
    )
    expect(found).toMatchObject({ name: 'alpha', description: 'Use when: somebody asks', emoji: 'x' })
    expect(found.allowedTools).toEqual(['task_list', 'task_create'])
    expect(found.warnings[0]).toMatch(/line by line/)
  })

  it.each([
    ['no end', '---\nname: alpha\n', /no end/],
    ['no keys', '---\n- one\n- two\n---\nBody', /no keys/],
    [
      'aliases that explode',
      `---\na: &a [x,x,x,x,x,x,x,x,x]\n${'b: [*a,*a,*a,*a,*a,*a]\n'.repeat(3)}---\n`,
      /holds anchors/,
    ],
    ['an alias alone', '---\nname: *a\n---\n', null],
    ['an anchor in a flow', '---\nname: [x, {a: &b c}]\n---\n', /holds anchors/],
    ['30,000 anchors', `---\n${lines(30_000, (i) => `k${i}: &a${i} x`)}\n---\n`, /longer than 16384/],
    ['20,000 keys in a flow', `---\na: {${lines(20_000, (i) => `k${i}: 1,`)}}\n---\n`, /longer than 16384/],
    ['large letters', `---\nname: ${'é'.repeat(8_200)}\n---\n`, /longer than 16384/],
    ['an ampersand in a text', '---\nname: R&D *and* more\ndescription: "&a"\n---\n', null],
  ])('survives %s', (_, text, reason) => {
    const found = read(text)
    if (reason) {
      expect(found).toMatchObject({ isKnown: false, isEnabled: false, isVisible: false })
      expect(found.gateReason).toMatch(reason)
    } else expect(found.isKnown).toBe(true)
  })

  it('takes the folder where no name is given, and warns', () => {
    expect(read('Just a body')).toMatchObject({ name: 'alpha', description: '', body: 'Just a body', isEnabled: true })
    expect(read('Just a body').warnings).toHaveLength(3)
  })

  it.each([
    ['name: Alpha\ndescription: d', /lower case/],
    ['name: al--pha\ndescription: d', /single hyphens/],
    ['name: beta\ndescription: d', /differs from its folder/],
    [`name: alpha\ndescription: ${'d'.repeat(1025)}`, /longer than 1024/],
    ['name: alpha', /description is missing/],
    [`${GOOD}\ncompatibility: ""`, /compatibility/],
    [`${GOOD}\nallowed-tools: 7`, /permits nothing/],
  ])('warns of %s', (head, warning) => {
    expect(skill(head).warnings.join('\n')).toMatch(warning)
    expect(skill(head).isEnabled).toBe(true)
  })

  it('warns of long bodies and deep references', () => {
    expect(skill(GOOD, 'x\n'.repeat(500)).warnings.join()).toMatch(/500 lines/)
    expect(skill(GOOD, 'x'.repeat(20_000)).warnings.join()).toMatch(/5000 tokens/)
    const text = `---\n${GOOD}\n---\nBody`
    expect(read(text, 'skills/alpha', ['references/a.md']).warnings).toEqual([])
    expect(read(text, 'skills/alpha', ['references/more/a.md']).warnings.join()).toMatch(/one level/)
  })

  it('never throws, whatever stands in the file', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => typeof skill(text).name === 'string'))
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => typeof read(text).name === 'string'))
  })
})

describe('allowed-tools', () => {
  it.each([
    ['Bash(git add:*) Read', ['Bash(git add:*)', 'Read']],
    ['Read, Grep,Glob', ['Read', 'Grep', 'Glob']],
    ['[task_list, "ns:*", task_list]', ['task_list', 'ns:*']],
    ['"*"', ['*']],
    ['""', []],
  ])('%s', (value, tools) => {
    expect(skill(`${GOOD}\nallowed-tools: ${value}`).allowedTools).toEqual(tools)
  })
})

describe('gates', () => {
  const gated = (claw: object) => skill(`${GOOD}\nmetadata: ${JSON.stringify({ openclaw: claw })}`)
  it.each([
    [{ os: ['darwin', 'win32'] }, 'OS not supported (requires: darwin, win32)'],
    [{ os: ['linux'] }, undefined],
    [{ requires: { env: ['UNSET'] } }, 'Missing env: UNSET'],
    [{ requires: { env: ['SET'] } }, undefined],
    [{ requires: { bins: ['git', 'jq'] } }, 'Missing bin: jq'],
    [{ requires: { bins: 'git' } }, undefined],
    [{ requires: { anyBins: ['jq', 'yq'] } }, 'Missing any of: jq, yq'],
    [{ requires: { anyBins: ['jq', 'git'] } }, undefined],
    [{ requires: { config: ['mail.enabled'] } }, undefined],
    [{ requires: { config: ['mail.host'] } }, 'Missing config: mail.host'],
    [{ always: true, requires: { env: ['UNSET'], bins: ['jq'], config: ['x'] } }, undefined],
    [{ always: true, os: ['darwin'] }, 'OS not supported (requires: darwin)'],
    [{ requires: { bins: 7 } }, 'Requirements cannot be read: requires.bins'],
    [{ requires: 'git' }, 'Requirements cannot be read: requires'],
  ])('%j → %s', (claw, reason) => {
    expect(gated(claw).gateReason).toBe(reason)
    expect(gated(claw).isEnabled).toBe(reason === undefined)
    expect(gated(claw).isVisible).toBe(reason === undefined)
  })

  it('hides from the model what is for people alone', () => {
    expect(skill(`${GOOD}\ndisable-model-invocation: true`)).toMatchObject({ isEnabled: true, isVisible: false })
  })
})

describe('tools that a skill declares', () => {
  const withTools = (tools: unknown) => skill(`${GOOD}\nmetadata: ${JSON.stringify({ clasper: { tools } })}`)
  const TOOL = { name: 'order_lookup', description: 'Finds an order', url: 'https://shop.example/orders' }

  it('fills in what is usual', () => {
    expect(withTools([TOOL])).toMatchObject({
      httpTools: [{ ...TOOL, method: 'POST', headers: {}, parameters: { type: 'object' }, skill: 'alpha' }],
      warnings: [],
    })
  })

  it.each([
    [{ ...TOOL, name: 'Order' }, /name must be/],
    [{ ...TOOL, name: 'alpha:order' }, /name must be/],
    [{ ...TOOL, url: 'file:///etc/passwd' }, /url must be/],
    [{ ...TOOL, url: 'https://a:b@shop.example/' }, /user name/],
    [{ ...TOOL, url: 'https://\t/{{host}}/x' }, /url must not hold/],
    [{ ...TOOL, url: 'https://\n/{{host}}/x' }, /url must not hold/],
    [{ ...TOOL, url: ' https://shop.example/' }, /url must not hold/],
    [{ ...TOOL, url: 'https:///{{host}}/x' }, /url must/],
    [{ ...TOOL, url: 'https://\\{{host}}/x' }, /url must not hold/],
    [{ ...TOOL, url: 'https:///evil.example/x' }, /name its host/],
    [{ ...TOOL, url: 'https://{{host}}/x' }, /url must/],
    [{ ...TOOL, url: 'https://a%7b%7bhost%7d%7d.example/' }, /url must/],
    [{ ...TOOL, url: 'https://shop.example\u200b/' }, /url must not hold/],
    [{ ...TOOL, url: 'https://shop.example/{{secret.KEY}}' }, /secrets/],
    [{ ...TOOL, headers: { host: 'evil.example' } }, /may not set/],
    [{ ...TOOL, headers: { 'x-key': '{{env.HOME}}' } }, /secret\.NAME/],
    [{ ...TOOL, headers: { 'x-key': 'a\r\nb: c' } }, /one line/],
    [{ ...TOOL, parameters: { type: 'string' } }, /parameters/],
    [{ ...TOOL, method: 'TRACE' }, /method/],
    ['text', /left out/],
  ])('leaves out %j and says why', (tool, warning) => {
    const found = withTools([tool, { ...TOOL, name: 'kept' }])
    expect(found.httpTools.map(({ name }) => name)).toEqual(['kept'])
    expect(found.warnings.join('\n')).toMatch(warning)
  })

  it('takes arguments after the host, with blanks in their braces', () => {
    const url = 'https://shop.example:8443/orders/{{ id }}?q={{q}}'
    expect(withTools([{ ...TOOL, url }])).toMatchObject({ httpTools: [{ url }], warnings: [] })
  })

  it('takes secrets by name, in headers alone', () => {
    const headers = { authorization: 'Bearer {{secret.SHOP_KEY}}' }
    expect(withTools([{ ...TOOL, headers }]).httpTools[0]).toMatchObject({ headers })
  })

  it('takes each name once', () => {
    expect(withTools([TOOL, TOOL]).httpTools).toHaveLength(1)
  })
})
