import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { contract, service } from '@/lib/shared/contract'
import { Problem } from '@/lib/shared/problem'
import { callServed, servedTool } from './served-tool'

const tool = (answer: () => Promise<unknown>) =>
  servedTool({
    name: 'try',
    title: 'Try',
    description: 'Tries',
    door: { scope: 'read', permission: 'trace:view' },
    isReadOnly: true,
    input: z.object({ limit: z.int().max(3).default(1) }),
    answer,
  })

const call = async (answer: () => Promise<unknown>, args: unknown = {}) => {
  const { content, isError } = await callServed((await newTenant()).scope, tool(answer), args)
  return { isError: isError === true, value: JSON.parse(content[0]?.text ?? '') as unknown }
}

describe('a tool that is served', () => {
  useKernel('sqlite')

  it('says what it takes', () => {
    expect(tool(async () => null).schema).toEqual({
      type: 'object',
      properties: { limit: expect.objectContaining({ type: 'integer', default: 1 }) },
      additionalProperties: false,
    })
  })

  it('does not answer more than it may', async () => {
    const { isError, value } = await call(async () => 'é'.repeat(200_000))
    expect(isError).toBe(true)
    expect(value).toMatchObject({ code: 'payload_too_large', details: { limit_bytes: 262_144 } })
    expect(await call(async () => 'é'.repeat(100_000))).toMatchObject({ isError: false })
  })

  it.each([null, 'x', 3, [], { limit: 4 }, { limit: '1' }, { other: 1 }])('refuses the arguments %j', async (args) => {
    const asked = args === null ? 'x' : args
    expect(await call(async () => 1, asked)).toMatchObject({ isError: true, value: { code: 'invalid_request' } })
  })

  it('keeps to itself what went wrong inside, and says what was refused', async () => {
    const broken = await call(async () => {
      throw new Error('SELECT secret FROM table at /srv/clasper')
    })
    expect(broken).toMatchObject({ isError: true, value: { code: 'internal_error' } })
    expect(JSON.stringify(broken)).not.toMatch(/SELECT|srv/)
    const refused = await call(async () => {
      throw new Problem('not_found', 'Trace not found')
    })
    expect(refused).toMatchObject({
      value: { code: 'not_found', error: 'Trace not found', request_id: expect.any(String) },
    })
  })
  it('may be called as often as its address, both together', async () => {
    const shape = contract({
      method: 'POST',
      path: '/try',
      summary: 'Tries',
      guard: service('read'),
      rateLimit: { perMinute: 2 },
      reply: z.object({}),
    })
    const { scope } = await newTenant()
    const limited = servedTool({
      name: 'try',
      title: 'Try',
      description: 'Tries',
      door: { scope: 'read', permission: 'trace:view' },
      isReadOnly: true,
      spends: () => shape,
      input: z.object({}),
      answer: async () => 1,
    })
    const codes: unknown[] = []
    for (let turn = 0; turn < 3; turn++) {
      const { content } = await callServed(scope, limited, {})
      codes.push(JSON.parse(content[0]?.text ?? '')['code'])
    }
    expect(codes).toEqual([undefined, undefined, 'rate_limit_exceeded'])
  })
})
