import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { systemWrite } from '@/lib/core/system-db'
import { type AgentHouse, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'

const vector = (text: string) => [text.length % 7, text.length % 5, 1]

describeEachDialect('embeddings of a run', (dialect) => {
  let server: Server
  let asked = 0
  const env: Record<string, string> = {
    CLASPER_SMART_CONTEXT: 'true',
    CLASPER_EMBEDDING_PROVIDER: 'openai',
    LLM_MODEL_DEFAULT: 'anthropic/claude-3-5-haiku-20241022',
    LLM_MODEL_FALLBACK: '',
  }
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      asked++
      const { input } = JSON.parse(Buffer.concat(chunks).toString()) as { input: string[] }
      const data = input.map((text, index) => ({ index, embedding: vector(text) }))
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ data, usage: { prompt_tokens: 40_000 } }))
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    env['LLM_BASE_URL_OPENAI'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  const house: AgentHouse = useAgentHouse(dialect, { env })
  afterAll(() => void server.close())

  it('are not asked for where the budget has no room', async () => {
    const tenant = house.tenant()
    const now = kernel().clock.now()
    await systemWrite(({ client }) =>
      client.budget.create({
        data: { tenantId: tenant.id, id: 'tenant', limitMicroUsd: 1n, createdAt: now, updatedAt: now },
      }),
    )
    const before = asked
    const { status } = await tenant.json('send', tenant.say('Where is my other order?'))
    expect({ status, asked }).toEqual({ status: 402, asked: before })
  })

  it('are a line of the ledger, part of the reply and of the trace', async () => {
    const tenant = house.tenant()
    const { body } = await tenant.json('send', tenant.say('Where is my order?'))
    const ledger = await tenant.ledger()
    const line = ledger.find(({ model }) => model === 'text-embedding-3-small')
    expect(line).toMatchObject({ state: 'settled' })
    expect(Number(line?.costMicroUsd)).toBeGreaterThan(0)
    const spent = ledger.reduce((sum, { costMicroUsd }) => sum + Number(costMicroUsd), 0)
    expect(body['cost']).toMatchObject({ total_cost_micro_usd: spent })
    expect(await tenant.trace(String(body['trace_id']))).toMatchObject({ cost: { total_cost_micro_usd: spent } })
  })
})
