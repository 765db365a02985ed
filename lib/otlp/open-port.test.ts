import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as traces from '@/app/(api)/v1/traces/route'
import { installKernel, kernel } from '@/lib/core/kernel'
import { freshDatabase, type TestDatabase } from '@/lib/core/testing/database'
import { testKernel } from '@/lib/core/testing/kernel'
import { createLane, type Lane } from '@/lib/http/lane'
import { openOtlpPort } from './open-port'

const freePort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe('OTLP_PORT', () => {
  let database: TestDatabase
  let lane: Lane
  const started = async (port: number) => {
    installKernel(testKernel(database.url, { env: { OTLP_PORT: String(port) } }))
    lane = createLane({ routes: [{ path: '/v1/traces', module: traces }], pages: [], files: [] }, () => false)
    return openOtlpPort(lane)
  }
  beforeAll(async () => {
    database = await freshDatabase('sqlite')
  })
  afterAll(async () => {
    await database.close()
  })

  it('opens nothing unless it is asked to', async () => {
    expect(await started(0)).toBeNull()
    await kernel().stop()
  })

  it('answers on the second port, OTLP alone, and lets go of it', async () => {
    const port = await freePort()
    expect(await started(port)).toBe(port)
    const url = `http://127.0.0.1:${port}`
    const init = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }
    const reply = await fetch(`${url}/v1/traces`, init)
    expect([reply.status, await reply.json()]).toEqual([401, { code: 16, message: expect.any(String) }])
    for (const path of ['/traces', '/ops/api/traces', '/v1/traces/x', '/'])
      expect((await fetch(`${url}${path}`)).status).toBe(404)
    await kernel().stop()
    await expect(fetch(`${url}/v1/traces`, init)).rejects.toThrow()
  })
})
