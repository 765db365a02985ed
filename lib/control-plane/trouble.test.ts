import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { fixedClock } from '@/lib/core/clock'
import { agentOf, failureOf, json, kernelFor, scripted } from '@/lib/core/testing/scripted-backend'
import { type Backend, backendFacts, isRetryable } from '.'

const MESSAGE = { taskId: 't1', content: 'hello', key: 'trace-1:message' }

describe('trouble', () => {
  it.each([
    ['resolveTask', (agent: Backend) => agent.resolveTask('T', {}), 'Failed to list tasks: 500'],
    ['createTask', (agent: Backend) => agent.createTask({ title: 'T' }, 'k'), 'Failed to create task: 500'],
    ['postMessage', (agent: Backend) => agent.postMessage(MESSAGE), 'Failed to post message: 500'],
    [
      'postDocument',
      (agent: Backend) => agent.postDocument({ ...MESSAGE, title: 'T', docType: 'plan' }),
      'Failed to post document: 500',
    ],
  ])('is named by %s after three attempts under one key', async (_name, act, message) => {
    const seen = await scripted((_seen, response) => json(response, 500, { error: 'boom' }))
    const problem = await failureOf(act(await agentOf()))
    expect(problem).toMatchObject({ code: 'control_plane_error', message, details: { upstream_status: 500 } })
    expect(isRetryable(problem)).toBe(true)
    expect(seen).toHaveLength(3)
    expect(new Set(seen.map(({ body }) => body['idempotency_key'])).size).toBe(1)
  })

  it.each([
    [500, 'after it was stored'],
    [429, 'because of haste'],
    [503, 'for a moment'],
  ])('with status %i passes %s', async (status) => {
    const seen = await scripted((_seen, response, count) =>
      json(response, count === 1 ? status : 200, { id: 'm1' }, count === 1 ? { 'retry-after': '0' } : {}),
    )
    expect(await (await agentOf()).postMessage(MESSAGE)).toEqual({ id: 'm1', taskId: 't1' })
    expect(seen).toHaveLength(2)
  })

  it.each([400, 401, 403, 409, 422, 302])('with status %i is final', async (status) => {
    const seen = await scripted((_seen, response) => json(response, status, {}, { location: '/elsewhere' }))
    const problem = await failureOf((await agentOf()).postMessage(MESSAGE))
    expect(problem.message).toBe(`Failed to post message: ${status}`)
    expect(isRetryable(problem)).toBe(false)
    expect(seen).toHaveLength(1)
  })

  it.each([
    ['not JSON', (response: ServerResponse) => response.end('<html>')],
    ['an empty body', (response: ServerResponse) => response.end()],
    ['no id', (response: ServerResponse) => json(response, 200, { ok: true })],
    ['an id with a null byte', (response: ServerResponse) => json(response, 200, { id: 'm\u00001' })],
    ['an id with half a character', (response: ServerResponse) => json(response, 200, { id: 'm\ud8001' })],
    ['an id without end', (response: ServerResponse) => json(response, 200, { id: 'm'.repeat(513) })],
    ['a list', (response: ServerResponse) => json(response, 200, [])],
    ['a reply without end', (response: ServerResponse) => response.end('x'.repeat(5 * 1_048_576))],
  ])('is what %s is', async (_name, say) => {
    await scripted((_seen, response) => say(response))
    const problem = await failureOf((await agentOf()).postMessage(MESSAGE))
    expect(problem).toMatchObject({ code: 'control_plane_error' })
    expect(problem.message).toMatch(/^Failed to post message: (malformed reply|reply too large)$/)
    expect(isRetryable(problem)).toBe(true)
  })

  it('never sends a tool call twice when it may have arrived', async () => {
    const seen = await scripted((_seen, response) => json(response, 500, { error: 'half done' }))
    const agent = await agentOf()
    expect((await failureOf(agent.callTool('t', {}, 'k'))).details).toMatchObject({ upstream_error: 'half done' })
    expect(seen).toHaveLength(1)
    const lost = await scripted((_seen, response) => void response.destroy())
    expect((await failureOf((await agentOf()).callTool('t', {}, 'k'))).message).toBe(
      'Failed to call tool t: connection lost',
    )
    expect(lost).toHaveLength(1)
  })

  it('ends in time when the backend stalls, before or within its answer', async () => {
    const seen = await scripted(
      (_seen, response, count) => {
        if (count > 1) response.writeHead(200).write('{')
      },
      { CLASPER_BACKEND_ATTEMPTS: '2' },
    )
    const started = performance.now()
    const problem = await failureOf((await agentOf()).postMessage(MESSAGE))
    expect(problem.message).toBe('Failed to post message: timeout')
    expect(isRetryable(problem)).toBe(true)
    expect(seen).toHaveLength(2)
    expect(performance.now() - started).toBeLessThan(3_000)
  })

  it('ends at once when the run is cancelled', async () => {
    const control = new AbortController()
    const seen = await scripted(() => control.abort(), { CLASPER_BACKEND_TIMEOUT_MS: '60000' })
    const problem = await failureOf((await agentOf({ signal: control.signal })).postMessage(MESSAGE))
    expect(problem.message).toBe('Failed to post message: cancelled')
    expect(seen).toHaveLength(1)
  })

  it('waits no longer than it is worth, whatever Retry-After says', async () => {
    const seen = await scripted((_seen, response) => json(response, 429, {}, { 'retry-after': '3600' }))
    expect((await failureOf((await agentOf()).postMessage(MESSAGE))).message).toBe('Failed to post message: 429')
    expect(seen).toHaveLength(1)
  })

  it('is not waited for again and again when the backend is away', async () => {
    kernelFor('http://127.0.0.1:1')
    const agent = await agentOf()
    const problem = await failureOf(agent.postMessage(MESSAGE))
    expect(problem.message).toBe('Failed to post message: backend unreachable')
    expect(isRetryable(problem)).toBe(true)
    await failureOf(agent.postMessage(MESSAGE))
    const started = performance.now()
    await failureOf(agent.postMessage(MESSAGE))
    expect(performance.now() - started).toBeLessThan(50)
  })

  it('is over when the backend is back and has been left alone for a while', async () => {
    const state = { up: false }
    const clock = fixedClock(new Date('2026-03-01T10:00:00.000Z'))
    await scripted((_seen, response) => json(response, state.up ? 200 : 503, { id: 'm1' }), {}, '', clock)
    const agent = await agentOf()
    for (let n = 0; n < 2; n++) await failureOf(agent.postMessage(MESSAGE))
    expect(backendFacts().isResting).toBe(true)
    state.up = true
    expect((await failureOf(agent.postMessage(MESSAGE))).message).toContain('unreachable')
    clock.advance(11_000)
    expect(await agent.postMessage(MESSAGE)).toMatchObject({ id: 'm1' })
    expect(backendFacts().isResting).toBe(false)
  })
})
