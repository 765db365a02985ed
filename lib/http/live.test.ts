import { expect, it, vi } from 'vitest'
import { installKernel } from '@/lib/core/kernel'
import { testKernel } from '@/lib/core/testing/kernel'
import { Problem } from '@/lib/shared/problem'
import { watchAccess } from './live'

const asked = async (answers: readonly unknown[]) => {
  const lost: unknown[] = []
  let n = 0
  const mayStay = async () => {
    const answer = answers[Math.min(n++, answers.length - 1)]
    if (answer !== null) throw answer
  }
  const off = watchAccess(mayStay, (error) => lost.push(error))
  await vi.waitFor(() => expect(n > answers.length || lost.length > 0).toBe(true), { timeout: 5_000 })
  off()
  return { lost, n }
}

it.each([
  ['a database that does not answer', new Error('SQLITE_BUSY')],
  ['a provider that does not answer', new Problem('unavailable')],
  ['too many requests', new Problem('rate_limit_exceeded')],
])('%s is no loss of access', async (_, failure) => {
  installKernel(testKernel('file::memory:'))
  expect((await asked([failure, failure, null])).lost).toEqual([])
})

it.each(['signed_out', 'tenant_access_denied', 'not_found'] as const)('%s ends it, once', async (code) => {
  installKernel(testKernel('file::memory:'))
  const refusal = new Problem(code)
  expect(await asked([null, new Error('brief'), refusal])).toEqual({ lost: [refusal], n: 3 })
})
