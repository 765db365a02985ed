import { randomUUID } from 'node:crypto'
import { type Bus, createBus } from './bus'
import { type Clock, systemClock } from './clock'
import { type Database, openDatabase } from './db'
import { type Env, parseEnv, readProcessEnv } from './env'
import { createLog, type Log } from './log'
import { createMetrics, type Metrics } from './metrics'

// Next keeps several module graphs in one process; everything that changes lives here, once.
export type Kernel = {
  readonly id: string
  readonly startedAt: Date
  readonly env: Env
  readonly clock: Clock
  readonly log: Log
  readonly bus: Bus
  readonly metrics: Metrics
  readonly db: Database
  readonly isStopping: boolean
  // A room parks its caches and other mutable state under its own name.
  slot<T>(name: string, create: () => T): T
  // Hooks run in the order 'intake' (no new work), 'work' (finish), 'close' (let go).
  onStop(phase: StopPhase, hook: () => Promise<void> | void): () => void
  // Ends intake and finishes the work at hand; the database stays open for what is still being answered.
  drain(): Promise<void>
  stop(): Promise<void>
}

export type StopPhase = 'intake' | 'work' | 'close'

type Parts = { env?: Env; clock?: Clock; log?: Log }

const KEY = Symbol.for('clasper.kernel')
const PHASES: readonly StopPhase[] = ['intake', 'work', 'close']

type Holder = { [KEY]?: Kernel }

const holder = globalThis as Holder

export const createKernel = (parts: Parts = {}): Kernel => {
  const env = parts.env ?? parseEnv(readProcessEnv())
  const clock = parts.clock ?? systemClock
  const log = parts.log ?? createLog(env.CLASPER_LOG_LEVEL)
  const slots = new Map<string, unknown>()
  const hooks = new Map<StopPhase, Set<() => Promise<void> | void>>(PHASES.map((phase) => [phase, new Set()]))
  const state: { db: Database | null; draining: Promise<void> | null; stopping: Promise<void> | null } = {
    db: null,
    draining: null,
    stopping: null,
  }

  const runPhase = async (phase: StopPhase) => {
    const results = await Promise.allSettled([...(hooks.get(phase) ?? [])].map(async (hook) => hook()))
    for (const result of results)
      if (result.status === 'rejected') log.error('stop hook failed', { phase, error: result.reason })
  }
  const drain = (): Promise<void> => {
    state.draining ??= runPhase('intake').then(() => runPhase('work'))
    return state.draining
  }
  const stop = async () => {
    await drain()
    await runPhase('close')
    await state.db?.close()
    state.db = null
  }

  return {
    id: randomUUID(),
    startedAt: clock.now(),
    env,
    clock,
    log,
    bus: createBus((error) => log.error('bus handler failed', { error })),
    metrics: createMetrics(),
    get db() {
      state.db ??= openDatabase(env.databaseUrl, env.CLASPER_DB_POOL, clock)
      return state.db
    },
    get isStopping() {
      return state.draining !== null
    },
    slot: <T>(name: string, create: () => T): T => {
      if (!slots.has(name)) slots.set(name, create())
      return slots.get(name) as T
    },
    onStop: (phase, hook) => {
      hooks.get(phase)?.add(hook)
      return () => void hooks.get(phase)?.delete(hook)
    },
    drain,
    stop: () => {
      state.stopping ??= stop()
      return state.stopping
    },
  }
}

export const kernel = (): Kernel => {
  holder[KEY] ??= createKernel()
  return holder[KEY]
}

export const installKernel = (next: Kernel): Kernel => {
  holder[KEY] = next
  return next
}
