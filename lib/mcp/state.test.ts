import { describe, expect, it } from 'vitest'
import { dateOf } from '@/lib/core/clock'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { mcpFile } from './declaration'
import { entryFor } from './pool'
import { stateOf } from './state'

const FAILED = '2026-01-01T10:00:00.000Z'

describe('what is said of a server', () => {
  useKernel('sqlite', { env: { CLASPER_TOOL_ALLOW_PRIVATE: 'true' } })

  it.each([
    ['2026-01-01T09:00:00.000Z', 'failing'],
    ['2026-01-01T11:00:00.000Z', 'resting'],
    [null, 'failing'],
  ])('that failed at ten and was reached last at %s: %s', async (openedOn, state) => {
    const [server = expect.unreachable()] = mcpFile(
      'servers: { web: { transport: http, url: "https://tools.example/mcp" } }',
    ).servers
    const place = { tenantId: (await newTenant()).id, workspaceId: 'default' }
    Object.assign(entryFor(place, server), {
      failures: 1,
      lastError: { text: 'it failed', at: dateOf(FAILED) },
      openedOn: openedOn === null ? null : dateOf(openedOn),
      list: { tools: [], refused: new Map(), notes: [], at: 0, linkId: 1 },
    })
    expect(stateOf(place, server).state).toBe(state)
  })
})
