import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import type { JobDefinition } from './define-job'
import { atMost, createLoop, type Loop } from './loop'
import { runJob, takeBack } from './run-job'
import { enqueueDue } from './schedule'
import { claimJobs, dueTenants, expiredJobs, type JobRow, noteWorker, releaseLeases, renewLeases } from './store'

export type WorkerOptions = {
  jobs: readonly JobDefinition[]
  name?: string
  concurrency?: number
  leaseMs?: number
  pollMs?: number
  random?: () => number
}

export type Worker = {
  readonly name: string
  start(): void
  // Something may be due: look now, or as soon as the present look is over.
  wake(): void
  // One look: claims what fits and begins it; says how many.
  look(): Promise<number>
  // Renews what is held and takes back what others let go.
  tend(): Promise<void>
  running(): number
  idle(): Promise<void>
  stop(graceMs: number): Promise<void>
}

const HEARTBEAT_MS = 10_000
const SCHEDULE_MS = 1_000

type Running = { stop: AbortController; ended: Promise<unknown> }
type State = { running: Map<string, Running>; after: string; stopped: boolean }
type Settings = Required<Omit<WorkerOptions, 'jobs'>> & { byKind: ReadonlyMap<string, JobDefinition> }

const settingsOf = (options: WorkerOptions): Settings => ({
  name: options.name ?? kernel().id,
  concurrency: options.concurrency ?? 4,
  leaseMs: options.leaseMs ?? 30_000,
  pollMs: options.pollMs ?? 500,
  random: options.random ?? Math.random,
  byKind: new Map(options.jobs.map((job) => [job.kind, job])),
})

const onError = (error: unknown) => kernel().log.error('worker failed', { error })

const claim = async (state: State, { name, concurrency, leaseMs }: Settings): Promise<JobRow[]> => {
  const most = concurrency - state.running.size
  if (state.stopped || most <= 0) return []
  const now = kernel().clock.now()
  const tenants = await dueTenants(state.after, now)
  if (tenants.length === 0 || state.stopped) return []
  const until = dateOf(now.getTime() + leaseMs)
  const rows = await claimJobs({ tenants, most, worker: name, now, until })
  state.after = tenants[Math.min(most, tenants.length) - 1] ?? ''
  return rows
}

const begin = (state: State, settings: Settings, row: JobRow, onEnd: () => void): void => {
  const stop = new AbortController()
  const ended = runJob(row, settings.byKind.get(row.kind), stop, settings.random)
    .catch(onError)
    .then(() => {
      state.running.delete(row.id)
      onEnd()
    })
  state.running.set(row.id, { stop, ended })
}

const tend = async (state: State, { name, leaseMs }: Settings): Promise<void> => {
  const now = kernel().clock.now()
  if (state.running.size > 0) {
    const before = [...state.running.keys()]
    const kept = new Set(await renewLeases(name, dateOf(now.getTime() + leaseMs)))
    for (const id of before.filter((key) => !kept.has(key)))
      state.running.get(id)?.stop.abort(new Error('The lease was lost'))
  }
  for (const row of await expiredJobs(now)) await takeBack(row)
}

const idle = async (state: State, loop: Loop): Promise<void> => {
  while (loop.isLooking() || state.running.size > 0) {
    await loop.settled()
    await Promise.allSettled([...state.running.values()].map((job) => job.ended))
  }
}

// What does not end in time is aborted and given back, so that another instance begins it at once.
const leave = async (state: State, loop: Loop, name: string, graceMs: number): Promise<void> => {
  state.stopped = true
  loop.stop()
  await atMost(idle(state, loop), graceMs)
  if (state.running.size === 0) return
  const count = await releaseLeases(name, kernel().clock.now())
  for (const { stop } of state.running.values()) stop.abort(new Error('The server is leaving'))
  kernel().log.warn('jobs given back', { count })
  await atMost(idle(state, loop), 500)
}

const start = (loop: Loop, state: State, settings: Settings, jobs: readonly JobDefinition[]): void => {
  const { bus, clock, onStop } = kernel()
  const off = [bus.on('job-queued', loop.wake), bus.on('committed', loop.wakeSoon)]
  onStop('intake', () => {
    state.stopped = true
    for (const end of off) end()
  })
  loop.every(settings.pollMs, async () => loop.wake())
  loop.every(Math.ceil(settings.leaseMs / 3), () => tend(state, settings))
  loop.every(HEARTBEAT_MS, () => noteWorker(clock.now()))
  loop.every(SCHEDULE_MS, async () => {
    if (await enqueueDue(jobs)) loop.wake()
  })
}

export const createWorker = (options: WorkerOptions): Worker => {
  const settings = settingsOf(options)
  const state: State = { running: new Map(), after: '', stopped: false }
  const look = async (): Promise<number> => {
    const rows = await claim(state, settings)
    for (const row of rows) begin(state, settings, row, () => loop.wake())
    return rows.length
  }
  const loop = createLoop(async () => (await look()) > 0, onError)
  return {
    name: settings.name,
    start: () => start(loop, state, settings, options.jobs),
    wake: loop.wake,
    look,
    tend: () => tend(state, settings),
    running: () => state.running.size,
    idle: () => idle(state, loop),
    stop: (graceMs) => leave(state, loop, settings.name, graceMs),
  }
}
