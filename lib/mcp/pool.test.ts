import { afterEach, describe, expect, it, vi } from 'vitest'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { mcpFile } from './declaration'
import { entryFor, noteFailure } from './pool'

const FAULT = { message: 'it cannot be reached', said: '' }

describe('a server that worked for long and then is gone', () => {
  useKernel('sqlite')
  afterEach(() => vi.restoreAllMocks())

  it('is left alone for longer with each failure, like any other', async () => {
    const time = { now: 1_000 }
    vi.spyOn(performance, 'now').mockImplementation(() => time.now)
    const [server] = mcpFile('servers: { web: { transport: http, url: "https://tools.example/mcp" } }').servers
    const { id: tenantId } = await newTenant()
    const entry = entryFor({ tenantId, workspaceId: 'default' }, server ?? expect.unreachable())
    entry.openedAt = time.now
    time.now += 3_600_000
    const failures = Array.from({ length: 6 }, () => {
      noteFailure(entry, FAULT)
      time.now += 1_000
      return entry.failures
    })
    expect(failures).toEqual([1, 2, 3, 4, 5, 6])
    expect(entry.retryAt - time.now).toBeGreaterThan(4_000)
  })
})
