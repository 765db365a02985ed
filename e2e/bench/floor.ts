import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import autocannon from 'autocannon'
import { cpuOf, rssOf, table } from './measure'

// CPU per request of the server process: an authenticated read and an authenticated, audited mutation through both
// lanes, beside servers that do nothing but answer.
const CONNECTIONS = 16
const SECONDS = Number(process.argv[2] ?? 6)
const KEY = randomBytes(24).toString('hex')
const folder = mkdtempSync(join(tmpdir(), 'clasper-floor-'))

type Server = { child: ChildProcess; url: string }

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  return typeof address === 'object' && address ? address.port : 0
}

const baseline = async (kind: 'http' | 'fastify'): Promise<Server> => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'e2e/bench/baseline.ts', kind], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (!child.stdout) throw new Error('no output')
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return { child, url: `http://127.0.0.1:${line}` }
}

const product = async (name: string, fast: boolean): Promise<Server> => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = {
    ...process.env,
    NODE_ENV: 'production' as const,
    CLASPER_PORT: String(port),
    CLASPER_FAST_LANE: String(fast),
    CLASPER_DB_PATH: join(folder, `${name}.db`),
    CLASPER_STATE_DIR: folder,
    CLASPER_AUDIT_KEY_PATH: '',
    CLASPER_LOG_LEVEL: 'error',
    CLASPER_RATE_LIMIT_PER_MINUTE: '100000000',
    AGENT_DAEMON_API_KEY: KEY,
    NEXTAUTH_URL: url,
    NEXTAUTH_SECRET: randomBytes(32).toString('hex'),
    CLASPER_SECRETS_KEY: randomBytes(32).toString('hex'),
    CLASPER_PROFILE: 'demo',
  }
  const child = spawn(process.execPath, ['dist/cli.mjs', 'serve'], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const deadline = performance.now() + 30_000
  for (;;) {
    const ready = await fetch(`${url}/readyz`).then(
      (reply) => reply.ok,
      () => false,
    )
    if (ready) return { child, url }
    if (performance.now() > deadline || child.exitCode !== null) throw new Error(`${name} does not answer`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const READ = { method: 'GET', path: '/api/whoami' } as const
const WRITE = {
  method: 'POST',
  path: '/keys',
  body: JSON.stringify({ name: 'bench', scopes: ['read'], expires_in_days: 1 }),
} as const

type Call = { method: 'GET' | 'POST'; path: string; body?: string }

const run = async ({ child, url }: Server, { path, ...call }: Call, seconds: number) => {
  const before = cpuOf(child.pid ?? 0)
  const result = await autocannon({
    url: `${url}${path}`,
    ...call,
    connections: CONNECTIONS,
    duration: seconds,
    headers: { 'x-agent-daemon-key': KEY, 'content-type': 'application/json' },
  })
  const good = result['2xx']
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${path}: ${result.non2xx} refused, ${result.errors} failed`)
  return {
    perSecond: good / result.duration,
    micros: ((cpuOf(child.pid ?? 0) - before) / good) * 1e6,
    p99: result.latency.p99,
  }
}

const end = async ({ child }: Server): Promise<void> => {
  child.kill('SIGTERM')
  await once(child, 'exit')
}

const rows: (string | number)[][] = []
const measure = async (name: string, start: () => Promise<Server>): Promise<void> => {
  const server = await start()
  await run(server, READ, 2)
  const read = await run(server, READ, SECONDS)
  await run(server, WRITE, 1)
  const write = await run(server, WRITE, SECONDS)
  rows.push([
    name,
    ...[read, write].flatMap(({ perSecond, micros, p99 }) => [Math.round(perSecond), Math.round(micros), p99]),
    Math.round(rssOf(server.child.pid ?? 0) / 1e6),
  ])
  await end(server)
}

await measure('bare node:http', () => baseline('http'))
await measure('Fastify', () => baseline('fastify'))
await measure('Clasper, fast lane', () => product('fast', true))
await measure('Clasper, through Next', () => product('next', false))
console.log(
  table(['server', 'reads/s', 'CPU µs a read', 'p99 ms', 'writes/s', 'CPU µs a write', 'p99 ms', 'RSS MB'], rows),
)
rmSync(folder, { recursive: true, force: true })
