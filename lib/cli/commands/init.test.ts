import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Terminal } from '../command'
import { init } from './init'

let folder = ''
let lines: string[] = []

const terminal = (): Terminal => ({
  out: (line) => void lines.push(line),
  err: (line) => void lines.push(line),
  cwd: folder,
})

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'init-'))
  lines = []
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const at = (...path: string[]) => join(folder, ...path)

it('writes every file of the template, folders too', async () => {
  expect(await init.run(['mine'], terminal())).toBe(0)
  for (const file of ['SOUL.md', 'AGENTS.md', 'HEARTBEAT.md', 'IDENTITY.md', 'TOOLS.md', 'USER.md']) {
    expect(existsSync(at('mine', file)), file).toBe(true)
  }
  expect(existsSync(at('mine/skills/refund-request/references/rules.md'))).toBe(true)
  expect(existsSync(at('mine/souls/trade.md'))).toBe(true)
})

it('never overwrites without -f, and fills what is missing', async () => {
  await init.run(['mine'], terminal())
  writeFileSync(at('mine/SOUL.md'), 'my own')
  rmSync(at('mine/USER.md'))
  lines = []
  await init.run(['mine', '--json'], terminal())
  expect(readFileSync(at('mine/SOUL.md'), 'utf8')).toBe('my own')
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ written: ['USER.md'] })
  await init.run(['mine', '-f'], terminal())
  expect(readFileSync(at('mine/SOUL.md'), 'utf8')).not.toBe('my own')
})
