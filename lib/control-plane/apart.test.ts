import { describe, expect, it } from 'vitest'
import { agentToken } from '@/lib/auth'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { agentOf, failureOf, json, scripted } from '@/lib/core/testing/scripted-backend'
import { backendFacts, backendFor } from '.'

const MESSAGE = { taskId: 't1', content: 'hello', key: 'trace-1:message' }
const ONCE = { CLASPER_BACKEND_ATTEMPTS: '1' }

describe('what fails for one', () => {
  it('tool leaves the other tools and the other tenants alone', async () => {
    const state = { up: false }
    const seen = await scripted(({ url }, response) =>
      json(response, url.endsWith('/broken') && !state.up ? 500 : 200, { fine: true }),
    )
    const [a, b] = [await agentOf(), await agentOf({ tenant: 'globex' })]
    for (let n = 0; n < 6; n++) await failureOf(a.callTool('broken', {}, `k${n}`))
    expect(seen).toHaveLength(5)
    expect(await b.callTool('other', {}, 'k')).toEqual({ fine: true })
    expect(await a.callTool('other', {}, 'k')).toEqual({ fine: true })
    state.up = true
    expect(await b.callTool('broken', {}, 'k')).toEqual({ fine: true })
    expect((await failureOf(a.callTool('broken', {}, 'k'))).message).toContain('unreachable')
  })

  it('tenant whose content breaks the backend holds up no other', async () => {
    const seen = await scripted(
      ({ body, url }, response) =>
        json(response, body['content'] === 'poison' ? 500 : 200, url.includes('/tasks') ? { items: [] } : { id: 'm1' }),
      ONCE,
    )
    const [a, b] = [await agentOf(), await agentOf({ tenant: 'globex' })]
    for (let n = 0; n < 6; n++) await failureOf(a.postMessage({ ...MESSAGE, content: 'poison' }))
    expect(seen).toHaveLength(5)
    expect(backendFacts().isResting).toBe(false)
    expect(await b.postMessage(MESSAGE)).toMatchObject({ id: 'm1' })
    expect(await a.listTasks()).toEqual({ items: [], nextCursor: null })
  })

  it('tenant whose content stalls the backend holds up no other', async () => {
    await scripted(
      ({ body }, response) => {
        if (body['content'] !== 'poison') json(response, 200, { id: 'm1' })
      },
      { ...ONCE, CLASPER_BACKEND_TIMEOUT_MS: '100' },
    )
    const a = await agentOf()
    for (let n = 0; n < 6; n++) await failureOf(a.postMessage({ ...MESSAGE, content: 'poison' }))
    expect(await (await agentOf({ tenant: 'globex' })).postMessage(MESSAGE)).toMatchObject({ id: 'm1' })
  })

  it.each([502, 503, 504])('is told to all when the backend is away with status %i', async (status) => {
    const seen = await scripted((_seen, response) => json(response, status, {}), ONCE)
    const a = await agentOf()
    for (let n = 0; n < 5; n++) await failureOf(a.postMessage(MESSAGE))
    await failureOf((await agentOf({ tenant: 'globex' })).postMessage(MESSAGE))
    expect(seen).toHaveLength(5)
    expect(backendFacts().isResting).toBe(true)
  })
})

it('shows each person and each role the tools that the backend shows them', async () => {
  const seen = await scripted((_seen, response, count) => json(response, 200, { tools: [{ name: `tool-${count}` }] }))
  const scope = scopeOf(identityOf('acme'))
  const named = async (userId: string, role: string) => {
    const token = await agentToken(scope, { userId, role })
    const rest = { workspaceId: 'main', traceId: 't', token, signal: new AbortController().signal }
    return (await backendFor(scope, { userId, role, ...rest }).listTools()).map(({ name }) => name)
  }
  expect(await named('ada', 'support')).toEqual(['tool-1'])
  expect(await named('ben', 'support')).toEqual(['tool-2'])
  expect(await named('ada', 'finance')).toEqual(['tool-3'])
  expect(await named('ada', 'support')).toEqual(['tool-1'])
  expect(seen).toHaveLength(3)
})
