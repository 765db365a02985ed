import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Contract, contract, open } from '@/lib/shared/contract'
import { limitOf } from '@/lib/shared/page'
import { readRequest } from './read-request'

const listing = contract({
  method: 'GET',
  path: '/x',
  summary: 'x',
  guard: open,
  query: z.object({ limit: limitOf(100, 50), start_date: z.string().optional() }),
  also: { start_date: ['start_time'] },
})
const saving = contract({
  method: 'POST',
  path: '/x',
  summary: 'x',
  guard: open,
  body: z.object({ name: z.string(), tags: z.array(z.string()).default([]) }),
})

const read = (c: Contract, query = '', init: RequestInit = {}) =>
  readRequest(c, new Request(`http://x/x${query}`, init), {}, 1_000)
const post = (body: BodyInit, type = 'application/json') =>
  read(saving, '', { method: 'POST', body, headers: { 'content-type': type } })
const fault = (code: string, details?: object) =>
  expect.objectContaining({ code, ...(details ? { details: expect.objectContaining(details) } : {}) })

describe('readRequest', () => {
  it('fills defaults and ignores unknown fields', async () => {
    expect((await read(listing, '?unknown=1')).query).toEqual({ limit: 50 })
  })

  it.each([
    '?limit=-1',
    '?limit=1e3',
    '?limit=0x10',
    '?limit=',
    '?limit=%201',
    '?limit=99999999999999999999',
    '?limit=1&limit=2',
  ])('refuses %s', async (query) => {
    await expect(read(listing, query)).rejects.toEqual(fault('invalid_request'))
  })

  it('takes either spelling of a field, and both only when they agree', async () => {
    expect((await read(listing, '?start_time=a')).query).toEqual({ limit: 50, start_date: 'a' })
    expect((await read(listing, '?start_time=a&start_date=a')).query).toEqual({ limit: 50, start_date: 'a' })
    await expect(read(listing, '?start_time=a&start_date=b')).rejects.toEqual(fault('conflicting_fields'))
  })

  it('names all faults at once', async () => {
    const refused = post(JSON.stringify({ tags: [1] }))
    await expect(refused).rejects.toEqual(
      fault('invalid_request', { fieldErrors: { name: [expect.any(String)], 'tags.0': [expect.any(String)] } }),
    )
  })

  it.each([
    ['broken JSON', '{"a":', 'invalid_request'],
    ['a null byte', '{"name":"\\u0000"}', 'invalid_request'],
    ['half a surrogate pair', '{"name":"\\ud800"}', 'invalid_request'],
    ['a prototype key', '{"name":"x","__proto__":{"a":1}}', 'invalid_request'],
    ['deep nesting', `${'['.repeat(500)}${']'.repeat(500)}`, 'invalid_request'],
    ['too much', `"${'x'.repeat(2_000)}"`, 'payload_too_large'],
  ])('refuses %s', async (_, body, code) => {
    await expect(post(body)).rejects.toEqual(fault(code))
  })

  it('refuses bytes that are not UTF-8 and other media types', async () => {
    await expect(post(new Uint8Array([0x22, 0xff, 0x22]))).rejects.toEqual(fault('invalid_request'))
    await expect(post('a', 'text/plain')).rejects.toEqual(fault('unsupported_media_type'))
  })

  it('stops reading a body that lies about its length', async () => {
    let pulled = 0
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled++
        controller.enqueue(new Uint8Array(600))
      },
    })
    const request = new Request('http://x/x', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
      duplex: 'half',
    } as RequestInit)
    await expect(readRequest(saving, request, {}, 1_000)).rejects.toEqual(fault('payload_too_large'))
    expect(pulled).toBeLessThan(6)
  })
})
