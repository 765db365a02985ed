import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { type AgentHouse, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { HOSTILE_PROGRAM } from '@/lib/core/testing/mcp-programs'
import { replayer } from '@/lib/core/testing/replayer'

const SKILL = '---\nname: sums\ndescription: Adds\nallowed-tools: "mcp:calc:*"\n---\nAdd with the tool.\n'

type Step = { type: string; data: Record<string, unknown> }

describeEachDialect('a run with tools of an MCP server', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect, {
    env: { CLASPER_MODE: 'permissive', CLASPER_MCP_LIST_TTL_MS: '0' },
  })
  const { replay } = replayer()
  beforeEach(() => house.provider.reset())

  const started = (): number => {
    const file = join(house.workspace, '.seen')
    return existsSync(file)
      ? readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) => /^started/.test(line)).length
      : 0
  }
  const furnish = (): void => {
    const args = [HOSTILE_PROGRAM, 'good', join(house.workspace, '.seen')]
    const servers = { calc: { transport: 'stdio', command: process.execPath, args, tools: ['add', 'die'] } }
    mkdirSync(join(house.workspace, 'skills', 'sums'), { recursive: true })
    writeFileSync(join(house.workspace, 'skills', 'sums', 'SKILL.md'), SKILL)
    writeFileSync(join(house.workspace, 'mcp.yaml'), stringify({ servers }))
  }

  it('calls them, is told when one dies, records both, and is replayed without asking anybody', async () => {
    furnish()
    const tenant = house.tenant()
    house.provider.script(
      { toolCalls: [{ id: 'c1', name: 'mcp_calc_add', arguments: { a: 20, b: 22 } }] },
      { toolCalls: [{ id: 'c2', name: 'mcp_calc_die', arguments: {} }] },
      { text: 'It is 42.' },
    )
    const { status, body } = await tenant.json('send', tenant.say('What is 20 and 22?'))
    expect([status, body['response']]).toEqual([200, 'It is 42.'])
    const [first, second, third] = house.provider.requests().map(({ body: sent }) => JSON.stringify(sent))
    expect(first).toContain('"mcp_calc_add"')
    expect(first).not.toContain('mcp_calc_echo')
    expect(second).toContain('42')
    expect(third).toContain('The tool failed: ')
    const id = String(body['trace_id'])
    const { steps } = (await tenant.trace(id)) as { steps: Step[] }
    const calls = steps.filter(({ type }) => type === 'tool_call').map(({ data }) => data['tool_name'])
    expect(calls).toEqual(['mcp:calc:add', 'mcp:calc:die'])
    const results = steps.filter(({ type }) => type === 'tool_result').map(({ data }) => data['success'])
    expect(results).toEqual([true, false])
    const programs = started()
    expect(programs).toBeGreaterThan(0)
    const again = await replay(tenant, id)
    expect(again.body).toMatchObject({ status: 'completed', mode: 'strict' })
    expect((again.body['diff'] as Record<string, unknown>)['first_divergence']).toBeNull()
    expect(started()).toBe(programs)
  })
})
