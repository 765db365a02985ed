import { afterEach, beforeEach, expect, it } from 'vitest'
import { createReferenceBackend, type ReferenceBackend } from './server'

const INTERNAL = 'internal-token-of-the-tests'
const ASK = '/api/mission-control/dispatch/undelivered?limit_users=2&limit_notifications=2'
const held: { backend?: ReferenceBackend } = {}

beforeEach(async () => {
  held.backend = await createReferenceBackend({
    agentJwtSecret: 'a-secret-of-the-tests-that-is-long-enough',
    internalToken: INTERNAL,
  })
})
afterEach(() => held.backend?.close())

const notify = (userId: string, content: string) =>
  held.backend?.notify({ tenantId: 'acme', userId }, { role: 'support', content })

const handedOut = async (): Promise<string[]> => {
  const reply = await fetch(`${held.backend?.url}${ASK}`, { headers: { 'x-internal-token': INTERNAL } })
  const { deliveries } = (await reply.json()) as { deliveries: { user_id: string; content: string }[] }
  return deliveries.map(({ user_id, content }) => `${user_id} ${content}`)
}

it('hands out the people in turn, so that those who cannot be reached hide nobody', async () => {
  for (const user of ['ada', 'ben', 'cleo', 'dan', 'eve']) notify(user, '1')
  expect(await handedOut()).toEqual(['ada 1', 'ben 1'])
  expect(await handedOut()).toEqual(['cleo 1', 'dan 1'])
  expect(await handedOut()).toEqual(['ada 1', 'eve 1'])
  expect(await handedOut()).toEqual(['ben 1', 'cleo 1'])
})

it('hands out the notifications of a person in turn', async () => {
  for (const content of ['1', '2', '3']) notify('ada', content)
  expect(await handedOut()).toEqual(['ada 1', 'ada 2'])
  expect(await handedOut()).toEqual(['ada 1', 'ada 3'])
})
