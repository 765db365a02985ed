import { randomBytes } from 'node:crypto'
import { chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { readProcessEnv } from '@/lib/core/env'
import { freePort } from '../demo/ports'
import { need } from '../tasks/need'
import { runSteps, type Step, StepFailed } from '../tasks/step'
import type { Tally } from '../tasks/tally'
import { type Stage, stagesOf } from './dockerfile'
import { type Container, runAs } from './run-as'

const root = process.cwd()
const NOBODY = 65_534
const START_MS = 60_000

const matching = (pattern: string): string[] => {
  const folder = dirname(pattern)
  const [before = '', after = ''] = basename(pattern).split('*')
  return readdirSync(join(root, folder))
    .filter((name) => name.startsWith(before) && name.endsWith(after))
    .map((name) => join(folder, name))
}

const sourcesOf = (path: string): string[] => (path.includes('*') ? matching(path) : [path])

// What the image would hold, laid out from the build of this folder. Dependencies are installed as the image has them.
const layOut = async (stage: Stage, app: string): Promise<string> => {
  const lines = stage.copies.flatMap(({ from, to }) => from.map((path) => ({ path: path.replace('/app/', ''), to })))
  for (const { path, to } of lines.filter((line) => line.path !== 'node_modules')) {
    for (const source of sourcesOf(path)) {
      const target = to.endsWith('/') ? join(app, to, basename(source)) : join(app, to)
      cpSync(join(root, source), target, {
        recursive: true,
        verbatimSymlinks: true,
        filter: (file) => !/[.]next[/](?:cache|dev|diagnostics|types)$/.test(file),
      })
    }
  }
  cpSync(join(root, 'package-lock.json'), join(app, 'package-lock.json'))
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline']
  await need('npm', ['ci', '--omit=dev', ...quiet], { cwd: app })
  return `${lines.length} paths`
}

const settingsOf = (data: string, port: number): Record<string, string> => {
  const lines = readFileSync(join(root, 'examples/deploy/env.example'), 'utf8').split('\n')
  const example = lines.flatMap((line) => {
    const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(line) ?? []
    return name === undefined ? [] : [[name, value || randomBytes(32).toString('hex')] as const]
  })
  return {
    ...Object.fromEntries(example),
    CLASPER_PORT: String(port),
    CLASPER_HOST: '127.0.0.1',
    CLASPER_DB_PATH: join(data, 'clasper.db'),
    CLASPER_STATE_DIR: join(data, 'state'),
    CLASPER_WORKSPACE: join(data, '../app/workspace-template'),
  }
}

const until = async (what: string, isSo: () => Promise<boolean>, container: Container): Promise<void> => {
  const deadline = performance.now() + START_MS
  while (!(await isSo().catch(() => false))) {
    if (!container.isRunning() || performance.now() > deadline) throw new StepFailed(`${what}:\n${container.output()}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const Health = z.object({ status: z.string() })

const servesAndLeaves = async (stage: Stage, app: string, data: string): Promise<string> => {
  const port = await freePort()
  const env = { PATH: readProcessEnv()['PATH'] ?? '', HOME: data, ...stage.env, ...settingsOf(data, port) }
  const begin = (args: readonly string[]) => runAs(NOBODY, args, { cwd: app, env })
  const told = begin([...stage.entrypoint, 'config', 'check'])
  if ((await told.ended) !== 0) throw new StepFailed(`config check:\n${told.output()}`)
  const server = begin([...stage.entrypoint, ...stage.command])
  try {
    await until('the server', async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok, server)
    const watched = begin(stage.healthcheck ?? [])
    if ((await watched.ended) !== 0) throw new StepFailed(`the health check:\n${watched.output()}`)
    const health = Health.parse(await (await fetch(`http://127.0.0.1:${port}/health`)).json())
    for (const path of ['/ops/signed-out', '/openapi.json']) {
      const { ok, status } = await fetch(`http://127.0.0.1:${port}${path}`)
      if (!ok) throw new StepFailed(`${path} answered ${status}:\n${server.output()}`)
    }
    server.kill('SIGTERM')
    const code = await server.ended
    if (code !== 0) throw new StepFailed(`it left with code ${code}:\n${server.output()}`)
    return health.status
  } finally {
    server.kill('SIGKILL')
  }
}

const finalStage = (): Stage => {
  const stage = stagesOf(readFileSync(join(root, 'Dockerfile'), 'utf8')).at(-1)
  if (!stage) throw new StepFailed('The Dockerfile has no stage.')
  return stage
}

/** The image without an engine: its files and nothing else, its user, its settings, its command, its health check. */
export const runImage = async (): Promise<Tally> => {
  const stage = finalStage()
  const place = mkdtempSync(join(tmpdir(), 'clasper-image-'))
  const [app, data] = [join(place, 'app'), join(place, 'data')]
  for (const folder of [app, data]) mkdirSync(folder)
  const steps: Step[] = [
    { name: 'image: its files', run: () => layOut(stage, app) },
    {
      name: 'image: serves, leaves',
      run: async () => {
        if (statSync(place).uid === 0) for (const folder of [place, data]) chownSync(folder, NOBODY, NOBODY)
        return servesAndLeaves(stage, app, data)
      },
    },
  ]
  const isGood = await runSteps(steps)
  rmSync(place, { recursive: true, force: true })
  return isGood ? { passed: steps.length, failed: 0 } : { passed: 0, failed: 1 }
}
