import { expect, it } from 'vitest'
import { Problem } from '@/lib/shared/problem'
import { asProblem, statusOf } from './problem-reply'

const statusFor = (error: unknown): number => statusOf(asProblem(error))

it('says of a lost race what was lost, and of everything else nothing', () => {
  expect(statusFor(Object.assign(new Error('taken'), { code: 'P2002' }))).toBe(409)
  expect(statusFor(Object.assign(new Error('hangs on nothing'), { code: 'P2003' }))).toBe(404)
  expect(statusFor(Object.assign(new Error('gone'), { code: 'P2025' }))).toBe(404)
  expect(statusFor(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }))).toBe(500)
  expect(statusFor('thrown')).toBe(500)
  expect(asProblem(new Problem('not_found')).code).toBe('not_found')
})
