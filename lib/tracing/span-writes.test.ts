import { describe, expect, it } from 'vitest'
import { mergeWrites } from '@/lib/core/group'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { agentSpans, newTraceHex } from '@/lib/core/testing/sample-span'
import type { CommandWrite } from '@/lib/core/writer'
import { correctionWrites, startWrites } from './record-run'
import { cleanSpan } from './span-clean'
import { planTrace } from './span-plan'
import { traceIdOf } from './span-record'
import { cleanWith, newShelf } from './span-shelf'
import { planWrites } from './span-writes'

describe('writes of spans', () => {
  useKernel('sqlite')

  it('spans, beginnings and corrections of runs go in one group', async () => {
    const { scope, id: tenantId } = await newTenant()
    const hex = newTraceHex()
    const shelf = newShelf()
    const spans = agentSpans(hex).map((draft) => cleanSpan(draft, shelf, cleanWith(scope.redaction)))
    const plan = planTrace(traceIdOf(hex), spans, null, new Map())
    if (!('id' in plan)) throw new Error('no plan')
    const packed = [{ hash: 'h', size: 1, codec: 'raw' as const, hex: '00' }]
    const known = {
      ...plan,
      state: {
        ...{ id: plan.id, origin: 'otlp', storage: 'full', version: 'v', workspaceId: 'w', userId: null },
        ...{ environment: 'e', startedMs: 0, spanCount: 1, text: '', spans: new Map() },
      },
    }
    const texts = new Map([[plan.id, 'words']])
    const at = scope.clock.now()
    const run = startWrites(scope, {
      ...{ id: 'r', executionId: 'r', workspaceId: 'w', environment: 'e', kind: 'send', userId: null, role: null },
      ...{ sessionKey: null, startedAt: at, leaseUntil: at, workspaceHash: null, promptSource: 'x', provider: 'p' },
      ...{ model: 'm', risk: null, inputs: { system_prompt: 'be kind' } },
    })
    const corrected = correctionWrites('r', { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 }, 0 as never, false)
    const lists: CommandWrite[][] = [
      planWrites(scope, [plan, known], 'a', texts, packed),
      run.writes,
      corrected,
      planWrites(scope, [known], 'b', texts, packed),
    ]
    for (const order of [lists, [...lists].reverse()])
      expect(() => mergeWrites(order.map((writes) => ({ tenantId, audit: [], writes })))).not.toThrow()
  })
})
