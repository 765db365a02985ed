import { beforeEach } from 'vitest'
import { dateOf } from '../clock'
import type { Dialect } from '../migrate/schema-source'
import type { Scope } from '../scope'
import { systemWrite } from '../system-db'
import { type AgentHouse, type AgentTenant, useAgentHouse } from './agent-house'
import { identityOf, scopeOf } from './kernel'
import { threeStages } from './promotions'

export type PromotionHouse = { house: AgentHouse; begin: () => Promise<{ tenant: AgentTenant; scope: Scope }> }

/** Three environments per tenant, and a model that says what its soul says. */
export const usePromotionHouse = (dialect: Dialect): PromotionHouse => {
  const house = useAgentHouse(dialect, { env: { CLASPER_RETRY_ATTEMPTS: '1', LLM_MODEL_FALLBACK: '' } })
  beforeEach(() => {
    house.provider.reset()
    house.provider.answer(({ body }) => {
      const text = JSON.stringify(body)
      return { text: text.includes('You say no.') ? 'no' : 'yes', usage: { input: 1_000, output: 10 } }
    })
  })
  const begin = async () => {
    const tenant = house.tenant()
    const row = { id: tenant.id, name: 'x', createdAt: dateOf('2026-01-01') }
    await systemWrite(({ client }) => client.tenant.create({ data: row }))
    const scope = scopeOf(identityOf(tenant.id))
    await threeStages(scope)
    return { tenant, scope }
  }
  return { house, begin }
}
