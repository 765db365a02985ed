import { expect, it } from 'vitest'
import { describeEachDialect } from '@/lib/core/testing/database'
import { useKernel } from '@/lib/core/testing/kernel'
import { contract, open } from '@/lib/shared/contract'
import { route } from './route'

const base = { method: 'GET', path: '/x', summary: 'x', guard: open } as const
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}$/

describeEachDialect('x-trace-id', (dialect) => {
  useKernel(dialect)
  const ask = async (sent: string, leavesTrace?: true) => {
    const described = contract({ ...base, ...(leavesTrace ? { leavesTrace } : {}) })
    const get = route(described, () => new Response('ok') as never)
    const reply = await get(new Request('http://127.0.0.1/x', { headers: { 'x-trace-id': sent } }))
    return reply.headers.get('x-trace-id')
  }

  it('comes back as it was sent where no trace is stored', async () => {
    expect(await ask('my-request-7')).toBe('my-request-7')
    expect(await ask('01990000-0000-7000-8000-00000000ABCD')).toBe('01990000-0000-7000-8000-00000000abcd')
  })

  it.each(['', 'two words', 'x'.repeat(201), 'caf\u00e9'])('is an id of ours in place of %j', async (sent) => {
    expect(await ask(sent)).toMatch(UUID)
  })

  it('is the id of the trace where one is stored', async () => {
    expect(await ask('my-request-7', true)).toMatch(UUID)
  })
})
