import { expect, it } from 'vitest'
import { systemDb } from '@/lib/core/system-db'
import { createBrowser, signIn } from '@/lib/core/testing/browser'
import { describeEachDialect } from '@/lib/core/testing/database'
import { useIdentityHouse } from '@/lib/core/testing/identity'

const HOST = /^http:\/\/([^/]+)/

describeEachDialect('a sign-in that is tampered with', (dialect) => {
  const house = useIdentityHouse(dialect)
  const url = (path: string) => `${house.console.url}${path}`
  const sessions = () => systemDb().opsSession.count()
  const failures = () => systemDb().auditEntry.count({ where: { tenantId: 'system', eventType: 'auth_failure' } })

  // Walks to the point where the provider sends the browser back, and stops before it arrives.
  const untilCallback = async (person: string) => {
    const browser = createBrowser()
    const people = await browser.open(url('/ops/sign-in/start'))
    const consent = await browser.submit(people, { person })
    const action = /action="([^"]+)"/.exec(consent.body)?.[1] ?? ''
    let next = new URL(action, consent.url).href
    let init: RequestInit = { method: 'POST', body: new URLSearchParams({ decision: 'continue' }) }
    while (!next.startsWith(house.console.url)) {
      next = new URL((await browser.hop(next, init)).headers.get('location') ?? '', next).href
      init = {}
    }
    const jar = browser.cookies.get(HOST.exec(house.console.url)?.[1] ?? '') ?? new Map<string, string>()
    return { browser, jar, callback: new URL(next) }
  }

  const refused = async (walk: Awaited<ReturnType<typeof untilCallback>>) => {
    const before = await sessions()
    const reply = await walk.browser.hop(walk.callback.href)
    expect(reply.headers.get('location')).toMatch(
      /\/ops\/sign-in\?.*error=|\/api\/auth\/signin\?error=|\/api\/auth\/error/,
    )
    expect(reply.headers.getSetCookie().join()).not.toContain('session-token=ey')
    expect(await sessions()).toBe(before)
  }

  it.each(['next-auth.state', 'next-auth.nonce', 'next-auth.pkce.code_verifier'])(
    'the cookie %s of another sign-in',
    async (name) => {
      const [mine, theirs] = [await untilCallback('ada'), await untilCallback('max')]
      mine.jar.set(name, theirs.jar.get(name) ?? '')
      const before = await failures()
      await refused(mine)
      expect(await failures()).toBeGreaterThanOrEqual(Math.min(before, 1))
    },
  )

  it('a callback in another browser, and one that is played twice', async () => {
    const walk = await untilCallback('ada')
    const stranger = createBrowser()
    await refused({ ...walk, browser: stranger })
    expect((await walk.browser.hop(walk.callback.href)).headers.get('location')).toBe(url('/ops'))
    await refused(walk)
  })

  it('a person who presses Cancel gets a message and no session', async () => {
    const browser = createBrowser()
    const people = await browser.open(url('/ops/sign-in/start'))
    const consent = await browser.submit(people, { person: 'ada' })
    const before = await sessions()
    const landed = await browser.submit(consent, { decision: 'cancel' })
    expect(landed.url).toMatch(/\/ops\/sign-in\?.*error=/)
    expect(await sessions()).toBe(before)
  })

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/ops\\..\\..//evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '/ops/sign-in?x',
    '/opsevil',
  ])('the callback %j leads to the console', async (callback) => {
    const { landed } = await signIn(house.console.url, 'ada', createBrowser(), callback)
    expect(landed.url).toBe(url('/ops'))
  })

  it('a page of the console is where the person lands', async () => {
    const { landed } = await signIn(house.console.url, 'ada', createBrowser(), '/ops/audit?event_type=auth_success')
    expect(landed.url).toBe(url('/ops/audit?event_type=auth_success'))
  })

  it('forwarded headers do not move the return address', async () => {
    const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' }
    const reply = await fetch(url('/ops/sign-in/start'), { redirect: 'manual', headers })
    const location = new URL(reply.headers.get('location') ?? '')
    expect(location.searchParams.get('redirect_uri')).toBe(url('/api/auth/callback/oidc'))
  })

  it.each([
    ['nobody', { roles: [] }, 'no_role'],
    ['too many groups', { roles: [], extra: { _claim_names: { roles: 'src1' } } }, 'no_role'],
    ['no tenant', { tenantId: '' }, 'missing_claim'],
  ])('%s gets an explanation and no session', async (_, change, code) => {
    const original = house.idp.people().find(({ id }) => id === 'omar')
    house.idp.change('omar', change)
    const before = await sessions()
    const { landed, cookie } = await signIn(house.console.url, 'omar')
    expect(landed.url).toContain(`/ops/sign-in?error=${code}`)
    expect([await sessions(), cookie.includes('session-token')]).toEqual([before, false])
    const { extra: _extra, ...plain } = original ?? {}
    house.idp.change('omar', { ...plain, extra: {} })
  })

  it('six kilobytes of groups do not reach the cookie', async () => {
    house.idp.change('vera', {
      extra: { groups: Array.from({ length: 200 }, (_, i) => `group-with-a-long-name-${i}`) },
    })
    const { cookie } = await signIn(house.console.url, 'vera')
    expect(cookie.length).toBeLessThan(2_000)
  })

  it('a provider that is away is an error on our page', async () => {
    await house.idp.down()
    try {
      const reply = await fetch(url('/ops/sign-in/start'), { redirect: 'manual' })
      expect([reply.status, reply.headers.get('location')]).toEqual([302, expect.stringMatching(/error=OAuthSignin/)])
    } finally {
      await house.idp.up()
    }
  })

  it.each(['session', 'providers', '_log', 'verify-request', '__proto__'])(
    '/api/auth/%s does not exist',
    async (action) => {
      expect((await fetch(url(`/api/auth/${action}`))).status).toBe(404)
      expect((await fetch(url(`/api/auth/${action}`), { method: 'POST' })).status).toBe(404)
    },
  )

  it("the library's own sign-out without its token changes nothing", async () => {
    const { browser, cookie } = await signIn(house.console.url, 'rosa')
    await browser.hop(url('/api/auth/signout'), { method: 'POST' })
    expect((await fetch(url('/ops/api/me'), { headers: { cookie } })).status).toBe(200)
  })

  it('a form without an end is left unread', async () => {
    const { POST } = await import('@/app/api/auth/[...nextauth]/route')
    const chunk = new TextEncoder().encode('a=b&'.repeat(1024))
    let read = 0
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        read += chunk.byteLength
        if (read > 4_000_000) controller.close()
        else controller.enqueue(chunk)
      },
    })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const sent: RequestInit & { duplex: 'half' } = { method: 'POST', headers, body, duplex: 'half' }
    const request = new Request(url('/api/auth/signin/oidc'), sent)
    const reply = await POST(request, { params: Promise.resolve({ nextauth: ['signin', 'oidc'] }) })
    expect(reply.status).toBe(413)
    expect(read).toBeLessThan(100_000)
  })
})
