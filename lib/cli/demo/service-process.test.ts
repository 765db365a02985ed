import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launch } from './service-process'

const folder = mkdtempSync(join(tmpdir(), 'clasper-service-'))
const leashed = join(folder, 'leashed.ts')
const supervisor = join(folder, 'supervisor.ts')
const pidFile = join(folder, 'pid')
const here = join(import.meta.dirname, 'service-process.ts')
const SOURCE = ['--conditions=react-server', '--import', 'tsx']

const LEASHED = `
import { writeFileSync } from 'node:fs'
import { leaveWithParent } from ${JSON.stringify(here)}
leaveWithParent(() => process.exit(0))
writeFileSync(${JSON.stringify(pidFile)}, String(process.pid))
console.log('ready')
setInterval(() => {}, 1000)
`

const SUPERVISOR = `
import { launch } from ${JSON.stringify(here)}
launch({
  name: 'leashed',
  command: process.execPath,
  args: ${JSON.stringify([...SOURCE, leashed])},
  cwd: ${JSON.stringify(process.cwd())},
  env: {},
  logFile: ${JSON.stringify(join(folder, 'inner.log'))},
})
`

beforeAll(() => {
  writeFileSync(leashed, LEASHED)
  writeFileSync(supervisor, SUPERVISOR)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const start = (script: string, log: string) =>
  launch({
    name: log,
    command: process.execPath,
    args: [...SOURCE, script],
    cwd: process.cwd(),
    env: {},
    logFile: join(folder, log),
  })

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const pidOf = () => Number(readFileSync(pidFile, 'utf8'))

it('stops a service, keeps its last lines, and reports how it ended', async () => {
  const service = start(leashed, 'one.log')
  await expect.poll(() => service.lastLines(), { timeout: 10_000 }).toBe('ready')
  expect(service.isRunning()).toBe(true)
  await service.stop()
  expect(service.isRunning()).toBe(false)
})

it('a service leaves by itself when its supervisor is killed', async () => {
  rmSync(pidFile, { force: true })
  const killed = start(supervisor, 'two.log')
  await expect.poll(() => isAlive(pidOf()), { timeout: 10_000 }).toBe(true)
  const service = pidOf()
  killed.kill('SIGKILL')
  await expect.poll(() => isAlive(service), { timeout: 5_000 }).toBe(false)
})
