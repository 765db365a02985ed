import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { table } from './measure'
import { BODY, type Surroundings } from './run-case'
import { firstTokens } from './run-first-token'
import { CONNECTIONS, type Load, load, readBare } from './run-load'
import { type Actor, end, startBackend, startProduct, startProgram, startProvider } from './run-stage'

// CPU and time of an agent run without tools, beside the same calls made by a plain server and by the library alone:
// npm run bench -- run [runs]. One plain server commits before the call of the model too, as durability asks. The
// provider needs no time, so everything that is measured is ours.
const RUNS = Number(process.argv[2] ?? 2_000)
const ROUNDS = 3
const KEY = randomBytes(24).toString('hex')
const SECRET = randomBytes(32).toString('hex')
const folder = mkdtempSync(join(tmpdir(), 'clasper-run-'))
const actors: Actor[] = []

const onStage = async <T extends Actor>(actor: Promise<T>): Promise<T> => {
  const entered = await actor
  actors.push(entered)
  return entered
}

// One run that must be what is measured: answered, posted, without tools. Its prompt is given to the others.
const promptOf = async (url: string): Promise<string> => {
  const headers = { 'x-agent-daemon-key': KEY, 'content-type': 'application/json' }
  const reply = await fetch(`${url}/api/agents/send`, { method: 'POST', headers, body: BODY })
  const answer = await reply.text()
  if (!answer.includes('"delivery":"posted"')) throw new Error(`The answer was not posted: ${answer}`)
  const { trace_id: id } = JSON.parse(answer) as { trace_id: string }
  const record = await fetch(`${url}/traces/${id}/replay`, { headers })
  const { system_prompt: system, tools } = (await record.json()) as { system_prompt: string; tools: unknown[] }
  if (tools.length > 0) throw new Error('The workspace of the benchmark grants tools')
  return system
}

const startPlain = (about: Surroundings) => startProgram('e2e/bench/run-plain.ts', [JSON.stringify(about)])

type Contender = { name: string; measure: (path: string, runs: number) => Promise<Load> }

const bareWith = async (surroundings: Surroundings): Promise<Contender> => {
  const actor = await onStage(startProgram('e2e/bench/run-bare.ts', [JSON.stringify(surroundings)]))
  const measure = async (_: string, runs: number): Promise<Load> => {
    actor.child.stdin?.write(`${runs} ${CONNECTIONS}\n`)
    return readBare(await actor.lines(), actor.pid)
  }
  return { name: 'the library alone', measure }
}

const served = (name: string, actor: Actor): Contender => ({
  name,
  measure: (path, runs) => load(actor, path, KEY, runs),
})

const median = (loads: readonly Load[]): Load => {
  const middle = [...loads].sort((a, b) => a.cpuMs - b.cpuMs)[Math.floor(loads.length / 2)]
  if (!middle) throw new Error('Nothing was measured')
  return middle
}

const measured = async (contenders: readonly Contender[], path: string): Promise<Load[]> => {
  const loads = contenders.map((): Load[] => [])
  for (const { measure } of contenders) await measure(path, RUNS)
  for (let round = 0; round < ROUNDS; round++)
    for (const [at, { measure }] of contenders.entries()) loads[at]?.push(await measure(path, RUNS))
  return loads.map(median)
}

const print = (contenders: readonly Contender[], loads: readonly Load[], what: string): void => {
  const [bare, plain, noted] = loads
  const times = (load: Load, other: Load | undefined) => (load.cpuMs / (other?.cpuMs ?? load.cpuMs)).toFixed(2)
  const rows = loads.map((load, at) => [
    contenders[at]?.name ?? '',
    Math.round(load.perSecond),
    load.cpuMs.toFixed(2),
    times(load, plain),
    times(load, noted),
    times(load, bare),
    load.p50.toFixed(0),
    load.p99.toFixed(0),
    Math.round(load.rss / 1e6),
  ])
  const heads = [
    what,
    'runs/s',
    'CPU ms a run',
    '× two commits',
    '× three commits',
    '× library',
    'p50 ms',
    'p99 ms',
    'RSS MB',
  ]
  console.log(`\n${table(heads, rows)}`)
}

const main = async (): Promise<void> => {
  const provider = await onStage(startProvider())
  const backend = await onStage(startBackend(folder, SECRET))
  const around = { folder, secret: SECRET, key: KEY, providerUrl: provider.url, backendUrl: backend.url }
  const product = await onStage(startProduct(around))
  const system = await promptOf(product.url)
  const surroundings = { ...around, system, file: join(folder, 'plain.db') }
  const plain = await onStage(startPlain(surroundings))
  const noted = await onStage(startPlain({ ...surroundings, file: join(folder, 'noted.db'), isNoted: true }))
  const contenders = [
    await bareWith(surroundings),
    served('plain server, two commits', plain),
    served('plain server, three commits', noted),
    served('Clasper', product),
  ]
  console.log(`A system prompt of ${system.length} characters, ${CONNECTIONS} connections.`)
  for (const way of ['send', 'stream'] as const)
    print(contenders, await measured(contenders, `/api/agents/${way}`), way)
  const sides = { providerUrl: provider.url, system, plainUrl: noted.url, productUrl: product.url, key: KEY }
  const ms = (value: number) => value.toFixed(2)
  const rows = (await firstTokens(sides)).map(({ name, p50, p95, addedP50, addedP95 }) => [
    name,
    ...[p50, p95, addedP50, addedP95].map(ms),
  ])
  console.log(`\n${table(['first token', 'p50 ms', 'p95 ms', 'added p50 ms', 'added p95 ms'], rows)}`)
}

try {
  await main()
} finally {
  await Promise.all(actors.map(end))
  rmSync(folder, { recursive: true, force: true })
}
