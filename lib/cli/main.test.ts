import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { programOf } from './demo/program'
import { capture } from './tasks/child'

const root = process.cwd()
const folder = mkdtempSync(join(tmpdir(), 'clasper-cli-'))
const { command, args } = programOf(root, true)
const CLEAN = {
  NODE_ENV: 'development',
  CLASPER_STATE_DIR: folder,
  CLASPER_WORKSPACE: '',
  WOMBAT_WORKSPACE: '',
  NEXTAUTH_URL: '',
}

const clasper = (words: string[], env: Record<string, string> = {}) =>
  capture(command, [...args, ...words], { cwd: root, env: { ...CLEAN, ...env } })

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('clasper', () => {
  it('lists its commands and hides what only the demo starts', async () => {
    const { code, stdout } = await clasper(['help'])
    expect(code).toBe(0)
    for (const name of [
      'init',
      'serve',
      'migrate',
      'config check',
      'backup',
      'restore',
      'audit',
      'demo',
      'seed',
      'version',
    ]) {
      expect(stdout).toContain(`\n  ${name}`)
    }
    expect(stdout).not.toContain('identity-provider')
  })

  it.each([
    [['nonsense'], 2, 'There is no command "nonsense"'],
    [['init', '--loud'], 2, 'Usage: clasper init'],
    [['config'], 2, 'clasper config check'],
  ])('answers %j with code %i and a way out', async (words, expected, text) => {
    const { code, output } = await clasper(words)
    expect(code).toBe(expected)
    expect(output).toContain(text)
    expect(output).not.toMatch(/\n\s+at /)
  })

  it('prints every fault of the configuration at once', async () => {
    const { code, output } = await clasper(['config', 'check'], {
      NODE_ENV: 'production',
      CLASPER_PORT: 'x',
      DATABASE_URL: 'y',
    })
    expect(code).toBe(1)
    for (const name of ['CLASPER_PORT', 'DATABASE_URL', 'NEXTAUTH_URL', 'NEXTAUTH_SECRET', 'CLASPER_SECRETS_KEY']) {
      expect(output).toContain(name)
    }
  })

  it('shows settings but no secret', async () => {
    const { code, stdout } = await clasper(['config', 'check', '--json'], { AGENT_DAEMON_API_KEY: 'not-to-be-seen' })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      settings: { AGENT_DAEMON_API_KEY: '(set)', CLASPER_PORT: '8081' },
    })
    expect(stdout).not.toContain('not-to-be-seen')
  })

  it('finds the workspace by its setting and by the older name', async () => {
    const [now, older] = [join(folder, 'now'), join(folder, 'older')]
    await clasper(['init'], { CLASPER_WORKSPACE: now, WOMBAT_WORKSPACE: older })
    expect([existsSync(join(now, 'SOUL.md')), existsSync(older)]).toEqual([true, false])
    await clasper(['init'], { WOMBAT_WORKSPACE: older })
    expect(existsSync(join(older, 'SOUL.md'))).toBe(true)
  })
}, 60_000)
