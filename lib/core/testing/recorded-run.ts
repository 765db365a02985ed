import { uuidv7 } from '@/lib/shared/id'
import { microUsd } from '@/lib/shared/money'
import { createStepChain, endWrites, startWrites, stepWrites, type TraceEnd } from '@/lib/tracing'
import { webhookWrites } from '@/lib/webhooks'
import type { Scope } from '../scope'

export type RecordedRun = {
  // A word that stands in every place where the texts of a run come to rest.
  word?: string
  userId?: string
  status?: TraceEnd['status']
  delivery?: TraceEnd['delivery']
  workspaceHash?: string
  // Texts that other runs share.
  prompt?: string
  isRunning?: boolean
  webhook?: 'queued' | 'delivered'
}

const LONG = 2_000

const startOf = (scope: Scope, id: string, run: RecordedRun) => {
  const now = scope.clock.now()
  const { word = 'nothing' } = run
  return startWrites(scope, {
    id,
    executionId: uuidv7(now.getTime()),
    workspaceId: 'default',
    environment: 'production',
    kind: 'send',
    userId: run.userId ?? null,
    role: 'agent',
    sessionKey: 'user:u1:agent',
    startedAt: now,
    leaseUntil: now,
    workspaceHash: run.workspaceHash ?? null,
    promptSource: 'workspace',
    provider: 'openai',
    model: 'gpt-4o',
    risk: { score: 10, level: 'low' },
    inputs: {
      message: `what of ${word}?`,
      messages: [
        { role: 'user', content: `early ${word}` },
        { role: 'assistant', content: `${word} ${'long '.repeat(LONG)}` },
      ],
      system_prompt: run.prompt ?? `prompt about ${word} ${'and so on '.repeat(LONG)}`,
      tools: [{ name: 'look', description: `looks for ${word}` }],
      metadata: { note: word },
      temperature: 0.5,
      risk: { score: 10, level: 'low' },
    } as object,
  })
}

const chainOf = (scope: Scope, word: string) => {
  const chain = createStepChain(scope.redaction)
  const at = scope.clock.now()
  chain.add('llm_call', at, 5, {
    model: 'gpt-4o',
    provider: 'openai',
    input_tokens: 7,
    has_tool_calls: true,
    raw: word,
  })
  chain.add('tool_call', at, 0, { tool_call_id: 'c1', tool_name: 'look', arguments: { q: word }, permitted: true })
  chain.add('tool_result', at, 3, { tool_call_id: 'c1', tool_name: 'look', success: true, result: `found ${word}` })
  chain.add('tool_call', at, 0, { tool_call_id: `say ${word}`, tool_name: `Tell_${word}`, permitted: false })
  return chain
}

const outcomeOf = (word: string) => ({
  message: `all about ${word}`,
  tool_calls: [
    { id: 'c1', name: 'look', arguments: { q: word }, result: word, duration_ms: 3, permitted: true, success: true },
    { id: `say ${word}`, name: `Tell_${word}`, arguments: {}, result: '', permitted: false, success: false },
  ],
})

const endOf = (scope: Scope, id: string, run: RecordedRun, chain: ReturnType<typeof createStepChain>): TraceEnd => {
  const { word = 'nothing', status = 'success' } = run
  return {
    id,
    status,
    stopReason: 'stop',
    startedAt: scope.clock.now(),
    provider: 'openai',
    model: 'gpt-4o',
    usage: { input: 7, output: 5, cacheRead: 0, cacheWrite: 0 },
    cost: microUsd(1_200),
    isEstimated: false,
    stepCount: chain.count(),
    toolCallCount: 2,
    lastStepHash: chain.lastHash(),
    failure: status === 'success' ? null : { code: 'provider_error', message: `it broke at ${word}` },
    taskId: null,
    delivery: run.delivery ?? 'posted',
    isSuppressed: false,
    outcome: outcomeOf(word),
  }
}

const addWebhook = async (scope: Scope, id: string, run: RecordedRun): Promise<void> => {
  if (run.webhook === undefined) return
  const hook = { traceId: id, event: 'done', url: 'https://example.com/hook', payload: { response: run.word } }
  const { writes } = await webhookWrites(scope, hook)
  await scope.command({ audit: [], writes })
  if (run.webhook === 'queued') return
  await scope.mutate({ event: 'config_change' }, (db) =>
    db.webhookDelivery.updateMany({ where: { traceId: id }, data: { state: 'delivered' } }),
  )
}

/** A run as the product records one, now: bodies, steps in their chain, search text, sums, label, note, webhook. */
export const recordRun = async (scope: Scope, run: RecordedRun = {}): Promise<string> => {
  const { word = 'nothing' } = run
  const id = uuidv7(scope.clock.now().getTime())
  const start = startOf(scope, id, run)
  const chain = chainOf(scope, word)
  await scope.command({ audit: [], writes: [...start.writes, ...stepWrites(id, chain.take())] })
  start.committed()
  if (run.isRunning) return id
  await scope.command({ audit: [], writes: endWrites(scope, endOf(scope, id, run, chain)) })
  const { tenantId } = scope
  const at = scope.clock.now()
  await scope.mutate({ event: 'config_change' }, async (db) => {
    await db.traceLabel.create({ data: { tenantId, traceId: id, key: 'topic', value: word, startedAt: at } })
    await db.traceAnnotation.create({ data: { tenantId, traceId: id, key: 'note', value: word, createdAt: at } })
  })
  await addWebhook(scope, id, run)
  return id
}
