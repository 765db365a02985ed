import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { type Browser, createBrowser } from '@/lib/core/testing/browser'
import { describeEachDialect } from '@/lib/core/testing/database'
import { useIdentityHouse } from '@/lib/core/testing/identity'
import { programOf } from '../demo/program'
import { capture, start } from '../tasks/child'

const root = process.cwd()
const { command, args } = programOf(root, true)
const config = mkdtempSync(join(tmpdir(), 'clasper-login-'))
const file = join(config, 'clasper', 'login.json')

afterAll(() => rmSync(config, { recursive: true, force: true }))
beforeEach(() => rmSync(file, { force: true }))

describeEachDialect('clasper login, whoami, logout', (dialect) => {
  const house = useIdentityHouse(dialect, { accessTokenSeconds: 20 })
  const env = () => ({ XDG_CONFIG_HOME: config, NODE_ENV: 'development' })
  const clasper = (...words: string[]) => capture(command, [...args, ...words], { cwd: root, env: env() })
  const flags = () => ['--issuer', house.idp.issuer, '--server', house.console.url]
  const stored = () => JSON.parse(readFileSync(file, 'utf8')) as { access_token: string; refresh_token: string }

  const login = (more: readonly string[], walk: (address: string) => Promise<void>) =>
    new Promise<{ code: number; output: string }>((resolve, reject) => {
      const child = start(command, [...args, 'login', ...flags(), ...more], { cwd: root, env: env() })
      let output = ''
      let walked = false
      const hear = (chunk: unknown) => {
        output += String(chunk)
        const address = /^Open (\S+)\n/m.exec(output)?.[1]
        if (!address || walked) return
        walked = true
        walk(address).catch(reject)
      }
      child.stdout?.on('data', hear)
      child.stderr?.on('data', hear)
      child.once('close', (code) => resolve({ code: code ?? 1, output }))
    })

  const agree = async (browser: Browser, address: string, person: string) => {
    let page = await browser.open(address)
    for (let step = 0; step < 3 && !page.body.includes('name="person"'); step++) page = await browser.submit(page, {})
    const consent = await browser.submit(page, { person })
    return browser.submit(consent, { decision: 'continue' })
  }
  const byDevice = (person: string) =>
    login(
      [],
      async (address) => void expect((await agree(createBrowser(), address, person)).body).toContain('Connected'),
    )

  it('by device: the login is private, works as a bearer, is refreshed, and ends', { timeout: 90_000 }, async () => {
    const { code, output } = await byDevice('ada')
    expect([code, output]).toEqual([0, expect.stringContaining('Signed in as ada')])
    const first = stored()
    for (const secret of [first.access_token, first.refresh_token]) expect(output).not.toContain(secret)
    expect([statSync(file).mode & 0o777, statSync(join(config, 'clasper')).mode & 0o777]).toEqual([0o600, 0o700])
    const before = house.idp.requests('/token')
    const both = await Promise.all([clasper('whoami', '--json'), clasper('whoami')])
    expect(both.map((done) => done.code)).toEqual([0, 0])
    expect(JSON.parse(both[0].stdout)).toMatchObject({ user: { id: 'ada', role: 'admin', tenant_id: 'acme' } })
    expect(both[1].stdout).toContain(`Ada Nwosu (ada), admin of acme at ${house.console.url}`)
    expect(house.idp.requests('/token')).toBeGreaterThan(before)
    const last = stored()
    expect(last.refresh_token).not.toBe(first.refresh_token)
    const left = await clasper('logout')
    expect([left.code, existsSync(file)]).toEqual([0, false])
    const again = await fetch(`${house.idp.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: last.refresh_token,
        client_id: house.idp.cliClientId,
      }),
    })
    expect([again.status, await again.json()]).toMatchObject([400, { error: 'invalid_grant' }])
    expect(await clasper('whoami')).toMatchObject({ code: 1, output: expect.stringContaining('Run clasper login') })
    expect(await clasper('logout')).toMatchObject({ code: 0, output: expect.stringContaining('not signed in') })
  })

  it('by loopback: state, nonce and challenge are sent, a stranger is turned away', { timeout: 90_000 }, async () => {
    const { code, output } = await login(['--loopback'], async (address) => {
      const question = new URL(address)
      const back = question.searchParams.get('redirect_uri') ?? ''
      expect(back).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/)
      expect(question.searchParams.get('code_challenge_method')).toBe('S256')
      for (const name of ['state', 'nonce', 'code_challenge']) expect(question.searchParams.get(name)).toBeTruthy()
      const state = question.searchParams.get('state') ?? ''
      const wrong = [`${back}?code=x&state=forged`, `${back}?error=access_denied`, back, `${back}/x?state=${state}`]
      for (const url of wrong) expect((await fetch(url)).status).toBe(400)
      expect((await fetch(`${back}?state=${state}`, { method: 'POST' })).status).toBe(400)
      const end = await agree(createBrowser(), address, 'omar')
      expect([end.status, end.body]).toEqual([200, expect.stringContaining('That is all')])
    })
    expect([code, output]).toEqual([0, expect.stringContaining('Signed in as omar')])
    expect((await clasper('whoami')).stdout).toContain('operator of acme')
  })

  it('refuses what would give the login away', { timeout: 60_000 }, async () => {
    const issuer = await clasper('login', '--issuer', 'http://idp.example', '--server', house.console.url)
    expect(issuer).toMatchObject({ code: 1, output: expect.stringContaining('must be https') })
    const server = await clasper('login', '--issuer', house.idp.issuer, '--server', 'http://clasper.example')
    expect(server).toMatchObject({ code: 1, output: expect.stringContaining('must be https') })
    expect(await clasper('login')).toMatchObject({ code: 2, output: expect.stringContaining('--issuer') })
    await byDevice('vera')
    expect(await clasper('whoami', '--server', 'http://clasper.example')).toMatchObject({ code: 1 })
    chmodSync(file, 0o644)
    expect(await clasper('whoami')).toMatchObject({ code: 1, output: expect.stringContaining('can be read by others') })
    expect(existsSync(file)).toBe(true)
  })
})
