import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { MODEL } from './run-case'

export type Actor = { child: ChildProcess; pid: number; url: string; lines: () => Promise<string> }

const TSX = ['--conditions=react-server', '--import', 'tsx']

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  return typeof address === 'object' && address ? address.port : 0
}

// A process that says on its first line where it is.
export const startProgram = async (file: string, args: readonly string[]): Promise<Actor & { first: string }> => {
  const child = spawn(process.execPath, [...TSX, file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const output = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const lines = async () => String((await output.next()).value)
  const first = await lines()
  return { child, pid: child.pid ?? 0, url: first, first, lines }
}

const untilReady = async (child: ChildProcess, url: string): Promise<void> => {
  const deadline = performance.now() + 30_000
  for (;;) {
    const isReady = await fetch(url).then(
      (reply) => reply.ok,
      () => false,
    )
    if (isReady) return
    if (performance.now() > deadline || child.exitCode !== null) throw new Error(`${url} does not answer`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const startServer = async (program: readonly string[], env: Record<string, string>, url: string, probe: string) => {
  const child = spawn(process.execPath, program, {
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await untilReady(child, `${url}${probe}`).catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  return { child, pid: child.pid ?? 0, url, lines: async () => '' }
}

export const end = async ({ child }: Pick<Actor, 'child'>): Promise<void> => {
  if (child.exitCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

export const startProvider = async (): Promise<Actor> => {
  const actor = await startProgram('lib/core/testing/mock-provider/main.ts', [])
  return { ...actor, url: (JSON.parse(actor.first) as { url: string }).url }
}

export const startBackend = async (folder: string, secret: string): Promise<Actor> => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = { MC_LITE_PORT: String(port), MC_LITE_DB: join(folder, 'backend.db'), AGENT_JWT_SECRET: secret }
  return startServer([...TSX, 'lib/cli/main.ts', 'backend'], env, url, '/')
}

// The template without its skills, for they bring tools: a run is one call of the model.
const makeWorkspace = (folder: string): string => {
  const workspace = join(folder, 'workspace')
  cpSync('workspace-template', workspace, { recursive: true })
  rmSync(join(workspace, 'skills'), { recursive: true })
  return workspace
}

type Around = {
  folder: string
  secret: string
  key: string
  providerUrl: string
  backendUrl: string
  databaseUrl?: string
}

export const startProduct = async (
  around: Around,
  program: readonly string[] = ['dist/cli.mjs', 'serve'],
): Promise<Actor> => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const random = () => randomBytes(32).toString('hex')
  const env = {
    CLASPER_PORT: String(port),
    CLASPER_DB_PATH: join(around.folder, 'clasper.db'),
    CLASPER_STATE_DIR: around.folder,
    ...(around.databaseUrl === undefined ? {} : { DATABASE_URL: around.databaseUrl }),
    CLASPER_WORKSPACE: makeWorkspace(around.folder),
    CLASPER_LOG_LEVEL: 'warn',
    CLASPER_RATE_LIMIT_PER_MINUTE: '100000000',
    CLASPER_PROFILE: 'demo',
    AGENT_DAEMON_API_KEY: around.key,
    AGENT_JWT_SECRET: around.secret,
    NEXTAUTH_URL: url,
    NEXTAUTH_SECRET: random(),
    CLASPER_SECRETS_KEY: random(),
    BACKEND_URL: around.backendUrl,
    LLM_PROVIDER: MODEL.provider,
    LLM_MODEL_DEFAULT: MODEL.id,
    LLM_BASE_URL_OPENAI: around.providerUrl,
    OPENAI_API_KEY: 'bench-key',
  }
  return startServer(program, env, url, '/readyz')
}
