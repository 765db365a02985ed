import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import autocannon from 'autocannon'
import Database from 'libsql'
import { createDatabase, DURABLE, startPostgres, stopPostgres } from '@/lib/core/testing/postgres'
import { cpuOf, inParallel, table } from './measure'
import { type Actor, end, startProduct } from './run-stage'
import { batch, bytesOf, SPANS_A_BATCH } from './traces-load'
import { seedTraces } from './traces-seed'

// Lists of 50 by each indexed filter at growing sizes, lists by eight callers, spans that come in, bytes of a trace.
const SIZES = (process.argv[2] ?? '10000,100000,1000000').split(',').map(Number)
const SPANS = Number(process.argv[3] ?? 60_000)
const KEY = randomBytes(24).toString('hex')
const NOWHERE = 'http://127.0.0.1:9'
const CALLS = 60
const SECONDS = 6

const FILTERS: Readonly<Record<string, string>> = {
  none: '',
  workspace: 'workspace_id=support',
  environment: 'environment=staging',
  role: 'agent_role=planner',
  user: 'user_id=user-500',
  session: 'session_key=user:user-500:agent',
  status: 'status=error',
  model: 'model=claude-sonnet-4',
  risk: 'risk_level=high',
  bundle: `workspace_hash=${(7).toString(16).padStart(64, '0')}`,
  task: 'task_id=task-9',
  label: 'label_key=reviewed&label_value=yes',
}

const folder = mkdtempSync(join(tmpdir(), 'clasper-traces-'))
const file = join(folder, 'clasper.db')
const start = (home = folder, databaseUrl?: string) =>
  startProduct({
    folder: home,
    secret: 's'.repeat(40),
    key: KEY,
    providerUrl: NOWHERE,
    backendUrl: NOWHERE,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  })
const headers = { 'x-agent-daemon-key': KEY }

const timed = async (url: string): Promise<number> => {
  const began = performance.now()
  const reply = await fetch(url, { headers })
  await reply.arrayBuffer()
  if (!reply.ok) throw new Error(`${url}: ${reply.status}`)
  return performance.now() - began
}

const p95 = async (url: string): Promise<number> => {
  const times: number[] = []
  for (let call = 0; call < CALLS + 5; call++) times.push(await timed(url))
  return times.slice(5).sort((a, b) => a - b)[Math.floor(CALLS * 0.95)] ?? 0
}

const listsAt = async ({ url }: Actor): Promise<Map<string, number>> => {
  const found = new Map<string, number>()
  for (const [name, query] of Object.entries(FILTERS)) found.set(name, await p95(`${url}/traces?limit=50&${query}`))
  return found
}

const manyLists = async ({ url, pid }: Actor): Promise<readonly (string | number)[]> => {
  const before = cpuOf(pid)
  const result = await autocannon({ url: `${url}/traces?limit=50`, connections: 8, duration: SECONDS, headers })
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} failed`)
  const micros = ((cpuOf(pid) - before) / result['2xx']) * 1e6
  return [Math.round(result['2xx'] / result.duration), Math.round(micros), result.latency.p99]
}

const ingest = async ({ url, pid }: Actor, database: string): Promise<(string | number)[]> => {
  const batches = Array.from({ length: Math.ceil(SPANS / SPANS_A_BATCH) }, batch)
  const send = async (body: Uint8Array) => {
    const type = { ...headers, 'content-type': 'application/x-protobuf' }
    const reply = await fetch(`${url}/v1/traces`, { method: 'POST', headers: type, body: body as BodyInit })
    if (!reply.ok || (await reply.arrayBuffer()).byteLength > 0) throw new Error(`${reply.status}`)
  }
  await inParallel(4, 10, () => send(batch()))
  const [before, began] = [cpuOf(pid), performance.now()]
  await inParallel(4, batches.length, (at) => send(batches[at] ?? new Uint8Array()))
  const seconds = (performance.now() - began) / 1000
  const spans = batches.length * SPANS_A_BATCH
  const cpu = ((cpuOf(pid) - before) / spans) * 1e6
  return [database, Math.round(spans / seconds), Math.round(cpu), Math.round(bytesOf(batches) / spans)]
}

// Every commit is on disk before its batch is answered.
const ingestOnPostgres = async (): Promise<(string | number)[]> => {
  const home = mkdtempSync(join(tmpdir(), 'clasper-pg-'))
  chmodSync(home, 0o755)
  const cluster = join(home, 'cluster')
  await startPostgres(cluster, DURABLE)
  try {
    const server = await start(home, await createDatabase(cluster, 'bench'))
    const figures = await ingest(server, 'PostgreSQL, durable')
    await end(server)
    return figures
  } finally {
    await stopPostgres(cluster)
    rmSync(home, { recursive: true, force: true })
  }
}

const BYTES = `SELECT (SELECT COUNT(DISTINCT "traceId") FROM "TraceSpan") AS traces,
  (SELECT SUM(LENGTH("facts") + LENGTH("content") + LENGTH("flags") + 200) FROM "TraceSpan") AS spans,
  (SELECT SUM(LENGTH("bytes")) FROM "Body") AS shared,
  (SELECT SUM(b."size") FROM "TraceBody" t JOIN "Body" b ON b."tenantId" = t."tenantId" AND b."hash" = t."hash") AS plain`

const bytes = (): void => {
  const db = new Database(file, { readonly: true })
  const row = db.prepare(BYTES).get() as { traces: number; spans: number; shared: number; plain: number }
  db.close()
  const of = (sum: number) => Math.round(sum / row.traces)
  console.log(
    `\n${table(
      ['bytes a trace of 20 spans', 'rows of spans', 'texts', 'together'],
      [
        ['as stored: each text once, packed', of(row.spans), of(row.shared), of(row.spans + row.shared)],
        ['each trace with its own, not packed', of(row.spans), of(row.plain), of(row.spans + row.plain)],
      ],
    )}`,
  )
}

const first = await start()
await end(first)
const lists: Map<string, number>[] = []
const loads: (string | number)[][] = []
let seeded = 0
for (const size of SIZES) {
  seedTraces(file, seeded, size)
  seeded = size
  const server = await start()
  lists.push(await listsAt(server))
  loads.push([size, ...(await manyLists(server))])
  await end(server)
}
const growth = (name: string) => ((lists.at(-1)?.get(name) ?? 0) / (lists[0]?.get(name) ?? 1)).toFixed(2)
const names = Object.keys(FILTERS)
console.log(
  table(
    ['list of 50, p95 ms', ...SIZES.map(String), 'growth'],
    names.map((name) => [name, ...lists.map((found) => (found.get(name) ?? 0).toFixed(1)), growth(name)]),
  ),
)
console.log(`\n${table(['traces', 'lists/s by 8 callers', 'CPU µs a list', 'p99 ms'], loads)}`)
const server = await start()
const onSqlite = await ingest(server, 'SQLite, durable')
await end(server)
const onPostgres = await ingestOnPostgres()
console.log(`\n${table(['ingest', 'spans/s', 'CPU µs a span', 'bytes a span on the wire'], [onSqlite, onPostgres])}`)
bytes()
rmSync(folder, { recursive: true, force: true })
