import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { readProcessEnv } from '@/lib/core/env'
import { demoFileIn } from '../demo/demo-file'
import { freePort } from '../demo/ports'
import { launch, type Service } from '../demo/service-process'
import { capture, type Outcome } from '../tasks/child'
import { StepFailed, tail } from '../tasks/step'

export type Trial = { node: string; cli: string; folder: string }

type Line = readonly [words: string, code: number, says: string]

const START_MS = 90_000
const ONE_MS = 60_000

// Each command far enough that everything it loads is loaded.
const ALONE: readonly Line[] = [
  ['version', 0, 'clasper '],
  ['--help', 0, 'conformance'],
  ['help run', 0, 'clasper run'],
  ['nonsense', 2, 'There is no command'],
  ['init', 0, 'files written'],
  ['config check', 0, 'CLASPER_PORT'],
  ['migrate', 0, 'applied'],
  ['migrate', 0, 'up to date'],
  ['seed quiet-tenant', 0, 'written'],
  ['backup copy.db', 0, 'Verified'],
  ['restore copy.db', 0, 'Restored'],
  ['audit verify copy.db', 1, 'cannot be read'],
  ['login', 2, '--issuer is required'],
  ['login --issuer http://127.0.0.1:9', 1, 'login'],
  ['whoami', 1, 'not signed in'],
  ['logout', 0, 'not signed in'],
  ['serve', 1, 'NEXTAUTH_SECRET'],
  ['identity-provider', 2, '--port is required'],
  ['backend', 1, 'AGENT_JWT_SECRET'],
  ['dispatcher', 1, 'AGENT_DAEMON_API_KEY'],
  ['heartbeat', 2, 'USER_ID'],
  ['standup', 2, 'USER_ID'],
  ['conformance', 2, 'AGENT_JWT_SECRET'],
  ['run Hello', 1, 'There is no key'],
]

// With the demo running: the server, its backend and its identity provider are three commands more.
const TOGETHER: readonly Line[] = [
  ['run --task Order --json Hello', 0, '"type":"done"'],
  ['conformance', 0, ' 0 failed'],
  ['heartbeat', 0, 'heartbeat_ok'],
  ['heartbeat --run', 0, 'heartbeat_ok'],
  ['standup', 0, 'standup_ok'],
]

const hasStack = (output: string): boolean => /\n {4}at .+:\d+:\d+/.test(output)

const clean = (env: Record<string, string>): Record<string, string> => ({
  AGENT_DAEMON_API_KEY: '',
  AGENT_JWT_SECRET: '',
  USER_ID: '',
  CLASPER_STATE_DIR: '',
  CLASPER_WORKSPACE: '',
  DATABASE_URL: '',
  NODE_ENV: '',
  LLM_MODEL_DEFAULT: '',
  OPENAI_MODEL_DEFAULT: '',
  ...env,
})

const call = ({ node, cli, folder }: Trial, words: string, env: Record<string, string>): Promise<Outcome> =>
  capture(node, [cli, ...words.split(' ')], { cwd: folder, env: surroundings(node, folder, env), timeoutMs: ONE_MS })

const surroundings = (node: string, folder: string, env: Record<string, string>) =>
  clean({ PATH: `${dirname(node)}:${readProcessEnv()['PATH'] ?? ''}`, XDG_CONFIG_HOME: join(folder, 'config'), ...env })

const check = async (trial: Trial, [words, code, says]: Line, env: Record<string, string>): Promise<void> => {
  const outcome = await call(trial, words, env)
  if (outcome.code === code && outcome.output.includes(says) && !hasStack(outcome.output)) return
  throw new StepFailed(
    `clasper ${words}: expected code ${code} and "${says}", got ${outcome.code}:\n${tail(outcome.output, 20)}`,
  )
}

const Secrets = z.object({ agent_jwt_secret: z.string(), internal_token: z.string() })
const Demo = z.object({ url: z.string(), backend_url: z.string() })

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'))

const startDemo = async ({ node, cli, folder }: Trial): Promise<Service> => {
  const env = surroundings(node, folder, { CLASPER_PORT: String(await freePort()) })
  const logFile = join(folder, 'demo.log')
  const demo = launch({ name: 'clasper demo', command: node, args: [cli, 'demo'], cwd: folder, env, logFile })
  const until = performance.now() + START_MS
  while (!existsSync(demoFileIn(join(folder, '.clasper')))) {
    if (!demo.isRunning() || performance.now() > until) throw new StepFailed(`clasper demo:\n${demo.lastLines()}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return demo
}

const demoEnv = (folder: string): Record<string, string> => {
  const demo = Demo.parse(readJson(demoFileIn(join(folder, '.clasper'))))
  const secrets = Secrets.parse(readJson(join(folder, '.clasper/secrets.json')))
  return {
    AGENT_DAEMON_URL: demo.url,
    CONTROL_PLANE_URL: demo.backend_url,
    BACKEND_URL: demo.backend_url,
    AGENT_JWT_SECRET: secrets.agent_jwt_secret,
    INTERNAL_API_TOKEN: secrets.internal_token,
    USER_ID: 'ada',
  }
}

// What a command says while it waits, until it said it; then it is told to leave.
const dispatch = async ({ node, cli, folder }: Trial, env: Record<string, string>): Promise<void> => {
  const logFile = join(folder, 'dispatcher.log')
  const args = [cli, 'dispatcher', '--leashed']
  const service = launch({
    name: 'dispatcher',
    command: node,
    args,
    cwd: folder,
    env: surroundings(node, folder, env),
    logFile,
  })
  const until = performance.now() + ONE_MS
  while (!service.lastLines().includes('dispatcher_tick')) {
    if (!service.isRunning() || performance.now() > until)
      throw new StepFailed(`clasper dispatcher:\n${service.lastLines()}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await service.stop()
  if ((await service.ended) !== 0)
    throw new StepFailed(`clasper dispatcher did not leave well:\n${service.lastLines()}`)
}

/** Starts every command of a built package on one Node; throws at the first that does not do as it says. */
export const startCommands = async (trial: Trial): Promise<number> => {
  rmSync(trial.folder, { recursive: true, force: true })
  mkdirSync(trial.folder, { recursive: true })
  for (const line of ALONE) await check(trial, line, {})
  const demo = await startDemo(trial)
  try {
    const env = demoEnv(trial.folder)
    for (const line of TOGETHER) await check(trial, line, env)
    await dispatch(trial, env)
    demo.kill('SIGINT')
    if ((await demo.ended) !== 0) throw new StepFailed(`clasper demo did not leave well:\n${demo.lastLines()}`)
  } finally {
    await demo.stop()
  }
  return ALONE.length + TOGETHER.length + 2
}
