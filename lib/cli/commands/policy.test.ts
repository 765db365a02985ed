import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../command'
import { policy } from './policy'

const call = async (cwd: string, ...args: string[]) => {
  const lines: string[] = []
  const say = (line: string) => void lines.push(line)
  return { code: await policy.run(args, { out: say, err: say, cwd }), text: lines.join('\n') }
}

const folder = () => mkdtempSync(join(tmpdir(), 'clasper-policy-cli-'))
const write = (root: string, files: Record<string, string>) => {
  mkdirSync(join(root, 'policies/tests'), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, 'policies', name), text)
  return root
}

const RULE = '- policy_id: a\n  subject: {type: tool, name: "x:*"}\n  effect: {decision: deny}\n'

describe('clasper policy test', () => {
  test.each(['workspace-template', 'docs/examples/support-team/workspace'])('%s passes its own tests', async (root) => {
    const { code, text } = await call(process.cwd(), 'test', root)
    expect(text).toMatch(/[1-9]\d* passed, 0 failed$/)
    expect(code).toBe(0)
    expect((await call(process.cwd(), 'test', `${root}/policies`)).code).toBe(0)
  })

  test('a test of the template fails when its rule is gone', async () => {
    const root = folder()
    cpSync('workspace-template', root, { recursive: true })
    const file = join(root, 'policies/money.yaml')
    writeFileSync(file, readFileSync(file, 'utf8').replace('gt: 100', 'gt: 1000'))
    const { code, text } = await call(root, 'test', '.', '--junit', 'out/junit.xml')
    expect(code).toBe(1)
    expect(text).toMatch(/✗ a large one waits[\s\S]*decision: expected require_approval, got allow[\s\S]*1 failed/)
    const report = readFileSync(join(root, 'out/junit.xml'), 'utf8')
    expect(report).toContain('tests="5" failures="1"')
    expect(report).toContain('<failure message="decision: expected require_approval, got allow')
  })

  test('each expectation can fail, and each mode is its own', async () => {
    const cases = (expected: string) =>
      `- {name: t, ask: {tool: "x:y"}, expect: ${expected}}\n- {name: u, mode: strict, ask: {tool: q}, expect: {decision: deny, policy: null}}\n`
    const at = (expected: string, ...more: string[]) =>
      call(write(folder(), { 'a.yaml': RULE, 'tests/a.yaml': cases(expected) }), 'test', '.', ...more)
    expect(await at('{decision: deny, policy: a, fallback: false}')).toMatchObject({ code: 0 })
    expect(await at('{decision: deny, policy: workspace/a}')).toMatchObject({ code: 0 })
    for (const wrong of [
      '{decision: allow}',
      '{decision: deny, policy: b}',
      '{decision: deny, policy: null}',
      '{decision: deny, fallback: true}',
      '{decision: deny, required_role: admin}',
    ])
      expect(await at(wrong)).toMatchObject({ code: 1 })
    const json = await at('{decision: deny}', '--json', '--mode', 'permissive')
    expect(JSON.parse(json.text)).toMatchObject({
      faults: [],
      results: [{ passed: true, decision: 'deny' }, { passed: true }],
    })
  })

  test('faults in policies and in tests are told, and nothing passes', async () => {
    const good = '- {name: t, ask: {tool: x}, expect: {decision: allow}}'
    const faulty = async (files: Record<string, string>) => call(write(folder(), files), 'test', '.')
    expect(await faulty({ 'a.yaml': 'nonsense', 'tests/a.yaml': good })).toMatchObject({
      code: 1,
      text: expect.stringContaining('FAULT policies/a.yaml'),
    })
    expect(await faulty({ 'a.yaml': RULE, 'tests/a.yaml': '- {name: t}' })).toMatchObject({
      code: 1,
      text: expect.stringContaining('FAULT policies/tests/a.yaml tests.0'),
    })
    expect(await faulty({ 'a.yaml': RULE, 'tests/a.yaml': good.replace('tool', 'tol') })).toMatchObject({ code: 1 })
    expect(await faulty({ 'a.yaml': RULE, 'tests/a.yaml': '' })).toMatchObject({
      code: 1,
      text: expect.stringContaining('no tests'),
    })
    expect(await faulty({ 'a.yaml': RULE })).toMatchObject({
      code: 1,
      text: expect.stringContaining('nothing to test'),
    })
  })

  test('links are followed where the workspace really is', async () => {
    const root = write(folder(), {
      'a.yaml':
        '- policy_id: inside\n  subject: {type: tool}\n  conditions: {arguments.path: {all_under: ["{{workspace.root}}"]}}\n  effect: {decision: allow}\n',
      'tests/a.yaml':
        '- {name: in, ask: {tool: t, arguments: {path: notes/new.md}}, expect: {decision: allow, policy: inside}}\n- {name: out, ask: {tool: t, arguments: {path: link/passwd}}, expect: {decision: allow, policy: null}}\n- {name: dangling, ask: {tool: t, arguments: {path: nowhere}}, expect: {decision: allow, policy: null}}\n',
    })
    symlinkSync('/etc', join(root, 'link'))
    symlinkSync('/does/not/exist', join(root, 'nowhere'))
    expect(await call(root, 'test', '.')).toMatchObject({ code: 0 })
  })

  test('a wrong command line is a usage error', async () => {
    await expect(call('.', 'list')).rejects.toThrow(UsageError)
    await expect(call('.', 'test', '.', '--mode', 'lenient')).rejects.toThrow(/--mode/)
  })
})
