import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fixedClock } from '@/lib/core/clock'
import { installKernel } from '@/lib/core/kernel'
import { testKernel } from '@/lib/core/testing/kernel'
import { backendFacts, probeBackend } from '.'

const clock = fixedClock(new Date('2026-03-01T10:00:00.000Z'))
let server: Server
let asked = 0
let status = 200

const listen = async (): Promise<string> => {
  server = createServer((request, response) => {
    asked += 1
    response.writeHead(request.url === '/base/health' ? status : 500).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`
}

const backendAt = (url: string) =>
  installKernel(testKernel('file:/nowhere/none.db', { clock, env: { BACKEND_URL: url } }))

describe('whether the backend is there', () => {
  beforeEach(async () => {
    asked = 0
    status = 200
    backendAt(await listen())
  })
  afterEach(() => new Promise((resolve) => server.close(resolve)))

  it('is asked once, however many want to know, and again when the answer is old', async () => {
    const [first] = await Promise.all(Array.from({ length: 20 }, probeBackend))
    expect(first).toMatchObject({ status: 'ok', checkedAt: clock.now() })
    expect(asked).toBe(1)
    await probeBackend()
    expect(asked).toBe(1)
    clock.advance(2_001)
    status = 503
    expect(await probeBackend()).toMatchObject({ status: 'error', error: 'answered 503' })
    expect(asked).toBe(2)
  })

  it('a backend without a health endpoint is well', async () => {
    status = 404
    expect(await probeBackend()).toMatchObject({ status: 'ok' })
  })

  it('nobody there is said in words', async () => {
    server.close()
    expect(await probeBackend()).toMatchObject({ status: 'error', error: 'does not accept connections' })
  })

  it('its address is told without what opens it', () => {
    const { url, isResting } = backendFacts()
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/base$/)
    expect(isResting).toBe(false)
  })
})
