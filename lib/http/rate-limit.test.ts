import { expect, it } from 'vitest'
import { createKernel, installKernel } from '@/lib/core/kernel'
import { testEnv } from '@/lib/core/testing/kernel'
import { headersOf, take } from './rate-limit'

it('allows a minute of calls at once, then refuses and says when to come back', () => {
  installKernel(createKernel({ env: testEnv('file:unused.db') }))
  for (let i = 0; i < 60; i++) expect(take('a', 60).allowed).toBe(true)
  const refused = take('a', 60)
  expect(refused).toMatchObject({ allowed: false, remaining: 0, limit: 60 })
  expect(refused.resetSeconds).toBe(1)
  expect(take('b', 60).allowed).toBe(true)
  expect(headersOf(refused)).toEqual({
    'x-ratelimit-limit': '60',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': '1',
  })
})
