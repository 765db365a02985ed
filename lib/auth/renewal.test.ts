import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FixedClock, fixedClock, systemClock } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { secretsKey } from '@/lib/core/local-secrets'
import { unseal } from '@/lib/core/sealed'
import { systemDb } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { useKernel } from '@/lib/core/testing/kernel'
import { newVisit } from '@/lib/http/visit'
import { createSession } from './create-session'
import { LEASE_MS, recheck } from './refresh'
import { hashSecret } from './service-key'
import { findSessionBySecret } from './store'

const PERSON = { sub: 'ada', roles: ['admin'], tenant_id: 'acme', email: 'ada@acme.example' }
const MINUTE = 60_000

// Rotates refresh tokens and, as providers do, revokes the grant for good when one of them is spent twice.
const startProvider = async () => {
  const state = { valid: 'r0', spent: [] as string[], userinfo: [] as number[], tokenStatus: 200, isSilent: false }
  const token = (sent: URLSearchParams) => {
    const given = sent.get('refresh_token') ?? ''
    if (given !== state.valid) {
      state.valid = 'none'
      return { status: 400, body: { error: 'invalid_grant' } }
    }
    state.spent.push(given)
    state.valid = `r${state.spent.length}`
    const body = { access_token: `a${state.spent.length}`, token_type: 'Bearer', expires_in: 600 }
    return { status: state.tokenStatus, body: { ...body, refresh_token: state.valid } }
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const url = `http://${request.headers.host}`
    const pages: Record<string, () => { status: number; body: object }> = {
      '/.well-known/openid-configuration': () => ({
        status: 200,
        body: { issuer: url, token_endpoint: `${url}/token`, userinfo_endpoint: `${url}/userinfo` },
      }),
      '/token': () => token(new URLSearchParams(Buffer.concat(chunks).toString())),
      '/userinfo': () => ({ status: state.userinfo.shift() ?? 200, body: PERSON }),
    }
    if (state.isSilent && request.url === '/userinfo') return
    const reply = pages[request.url ?? '']?.() ?? { status: 404, body: {} }
    response.writeHead(reply.status, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  }
  return { state, issuer, close }
}

describeEachDialect('the renewal of a session', (dialect) => {
  const env: Record<string, string> = { OPS_OIDC_CLIENT_ID: 'c', OPS_OIDC_CLIENT_SECRET: 's'.repeat(40) }
  const clock: FixedClock = fixedClock(systemClock.now())
  let provider: Awaited<ReturnType<typeof startProvider>>
  beforeAll(async () => {
    provider = await startProvider()
    env['OPS_OIDC_ISSUER'] = provider.issuer
  })
  useKernel(dialect, { clock, env })
  afterAll(() => provider.close())

  const start = async () => {
    Object.assign(provider.state, { valid: 'r0', spent: [], userinfo: [], tokenStatus: 200, isSilent: false })
    const expiresAt = new Date(clock.now().getTime() + 10 * MINUTE)
    const { osid } = await createSession({
      person: {
        userId: 'ada',
        tenantId: 'acme',
        roles: ['admin'],
        role: 'admin',
        allowedTenants: [],
        workspaceId: null,
        name: null,
        email: null,
      },
      issuer: provider.issuer,
      sub: 'ada',
      idpSid: null,
      tokens: { accessToken: 'a0', refreshToken: 'r0', idToken: null, expiresAt },
      visit: newVisit(new Request('http://127.0.0.1/')),
      userAgent: null,
      previous: null,
    })
    const reload = async () => {
      const found = await findSessionBySecret(osid)
      if (!found) throw new Error('no session')
      return found
    }
    const stored = async () => {
      const session = await reload()
      return unseal(secretsKey(), session.id, session.refreshTokenEnc)
    }
    expect(await systemDb().opsSession.count({ where: { idHash: hashSecret(osid) } })).toBe(1)
    clock.advance(6 * MINUTE)
    return { reload, stored }
  }

  it('asks again for what the provider did not say, never with a token that was spent', async () => {
    const { reload, stored } = await start()
    provider.state.userinfo = [503, 503]
    expect(await recheck(await reload())).toMatchObject({ revokedAt: null, refreshLeaseBy: null })
    expect(provider.state.spent).toEqual(['r0'])
    expect(await stored()).toBe('r1')
  })

  it('keeps the new refresh token while the rest of the answer is missing', async () => {
    const { reload, stored } = await start()
    provider.state.userinfo = [503, 503, 503]
    expect(await recheck(await reload())).toMatchObject({ revokedAt: null })
    expect(await stored()).toBe('r1')
    clock.advance(16_000)
    expect(await recheck(await reload())).toMatchObject({ revokedAt: null })
    expect([provider.state.spent, await stored()]).toEqual([['r0', 'r1'], 'r2'])
  })

  it('trusts the last complete answer no longer than its access token lived', async () => {
    const { reload } = await start()
    const { accessExpiresAt } = await reload()
    provider.state.userinfo = [503, 503, 503, 503, 503, 503]
    await recheck(await reload())
    expect((await reload()).accessExpiresAt).toEqual(accessExpiresAt)
    clock.advance(5 * MINUTE)
    await expect(recheck(await reload())).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('spends a token once when the answer to it was lost', async () => {
    const { reload } = await start()
    provider.state.tokenStatus = 503
    await recheck(await reload())
    expect(provider.state.spent).toEqual(['r0'])
    expect(provider.state.valid).toBe('r1')
  })

  it('gives up before its lease ends', async () => {
    const { reload, stored } = await start()
    provider.state.isSilent = true
    const before = performance.now()
    await recheck(await reload())
    expect(performance.now() - before).toBeLessThan(LEASE_MS)
    expect(await stored()).toBe('r1')
    expect(kernel().clock).toBe(clock)
  }, 40_000)
})
