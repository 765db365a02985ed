import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { ApiError, call, callFull, urlOf } from './api-client'
import { contract, open } from './contract'
import { keyOf, queryFromUrl } from './query'

const list = contract({
  method: 'GET',
  path: '/things/{id}',
  summary: 'Things',
  guard: open,
  params: z.object({ id: z.string() }),
  query: z.object({ kind: z.string().optional(), limit: z.coerce.number().int().max(10).default(5) }),
  reply: z.object({ count: z.number() }),
})

const answer = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify(body), { status, headers }))

afterEach(() => vi.unstubAllGlobals())

describe('queryFromUrl', () => {
  it('keeps known fields as sent, drops unknown ones and names refused ones', () => {
    expect(queryFromUrl(list, { kind: 'a', limit: '99', peek: '3', empty: '' })).toEqual({
      wire: { kind: 'a' },
      refused: [{ name: 'limit', message: 'is not valid' }],
    })
  })

  it('refuses a repeated single field instead of guessing', () => {
    expect(queryFromUrl(list, { kind: ['a', 'b'] }).refused[0]?.message).toBe('is given more than once')
  })

  it('gives server and browser the same key for the same address', () => {
    const fromServer = keyOf(list, { params: { id: 'x' }, query: queryFromUrl(list, { limit: '3', kind: 'a' }).wire })
    const fromBrowser = keyOf(list, { params: { id: 'x' }, query: queryFromUrl(list, { kind: 'a', limit: '3' }).wire })
    expect(fromServer).toEqual(fromBrowser)
  })
})

describe('urlOf', () => {
  it('escapes path parameters and skips empty query fields', () => {
    expect(urlOf(list, { params: { id: 'a/b?' }, query: { kind: 'x y', limit: undefined } })).toBe(
      '/things/a%2Fb%3F?kind=x+y',
    )
  })
})

describe('call', () => {
  it('returns the parsed reply with the request id of the header', async () => {
    answer({ count: 2, extra: true }, 200, { 'x-request-id': 'r1' })
    expect(await callFull(list, { params: { id: 'x' } })).toEqual({ data: { count: 2 }, requestId: 'r1' })
  })

  it('throws code, details and request id of a refusal', async () => {
    answer({ error: 'No', code: 'permission_denied', details: { permission: 'a' }, request_id: 'r2' }, 403)
    const error = await call(list, { params: { id: 'x' } }).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({
      code: 'permission_denied',
      status: 403,
      requestId: 'r2',
      details: { permission: 'a' },
    })
  })

  it('does not pass on a reply of another shape', async () => {
    answer({ count: 'two' })
    await expect(call(list, { params: { id: 'x' } })).rejects.toMatchObject({ code: 'unexpected_reply' })
  })

  it('names a dead connection', async () => {
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('failed')
    })
    await expect(call(list, { params: { id: 'x' } })).rejects.toMatchObject({ code: 'network' })
  })
})
