import { assertCredentials, watchRevocations } from '@/lib/auth'
import { kernel } from '@/lib/core/kernel'
import type { LogFields } from '@/lib/core/log'
import { migrate } from '@/lib/core/migrate/migrate'
import { assertModels, warmModels } from '@/lib/providers'
import { jobScope } from './job-scope'
import { listen } from './listen'
import { registerGauges } from './prometheus'
import { JOBS } from './registry'
import { ensureTenants, SYSTEM_TENANT } from './store'
import { VERSION } from './version'
import { startAuditWatch } from './watch-audit'
import { startOutboxWatch } from './watch-outbox'
import { createWorker, type Worker } from './worker'

export type Booted = {
  drain(): Promise<void>
  stop(): Promise<void>
  shutdownMs: number
  isFast: boolean
  log(message: string, fields: LogFields): void
}

const audit = (event: 'system_startup' | 'system_shutdown', data: object): Promise<unknown> =>
  jobScope('server', SYSTEM_TENANT).command({ audit: [{ event, entityId: kernel().id, data }] })

const factsOf = () => {
  const { env, db } = kernel()
  return {
    version: VERSION,
    node: process.versions.node,
    profile: env.profile,
    roles: env.CLASPER_ROLES,
    database: db.dialect,
  }
}

const prepare = async (): Promise<void> => {
  const { env, clock, log } = kernel()
  assertModels()
  const { applied } = await migrate(env.databaseUrl)
  if (applied.length > 0) log.info('migrated', { applied })
  const named = env.CLASPER_DAEMON_ALLOWED_TENANTS.filter((id) => id !== '*')
  await ensureTenants([SYSTEM_TENANT, env.CLASPER_DEFAULT_TENANT_ID, ...named], clock.now())
  await assertCredentials()
  await watchRevocations()
  await warmModels()
}

const startWorker = (): Worker | null => {
  const { env, onStop } = kernel()
  if (!env.CLASPER_ROLES.includes('worker')) return null
  const worker = createWorker({ jobs: JOBS })
  worker.start()
  // Half of the time for the jobs, the rest for everything that ends after them.
  onStop('work', () => worker.stop(Math.floor(env.CLASPER_SHUTDOWN_MS / 2)))
  return worker
}

const startListening = (worker: Worker | null, onEvent: () => void): void => {
  const { db, onStop } = kernel()
  if (db.dialect !== 'postgresql') return
  const ear = listen(db.url, { onJob: () => worker?.wake(), onEvent })
  onStop('close', () => ear.stop())
}

const notices = (): void => {
  const { env, log } = kernel()
  if (env.profile === 'demo') log.warn('demo profile: people, keys and data are made up; never expose this server')
  if (env.OPS_DEV_NO_AUTH) log.warn('OPS_DEV_NO_AUTH: whoever reaches this address is an administrator')
}

// Everything that must be true before the first request is answered, in this order.
export const boot = async (): Promise<Booted> => {
  const { env, log, onStop, drain, stop, startedAt, clock } = kernel()
  await prepare()
  registerGauges()
  await audit('system_startup', factsOf())
  const outbox = await startOutboxWatch()
  startAuditWatch()
  startListening(startWorker(), () => outbox.loop.wake())
  onStop('close', async () => {
    const uptime_seconds = Math.round((clock.now().getTime() - startedAt.getTime()) / 1000)
    await audit('system_shutdown', { ...factsOf(), uptime_seconds })
  })
  notices()
  log.info('booted', factsOf())
  return {
    drain,
    stop,
    shutdownMs: env.CLASPER_SHUTDOWN_MS,
    isFast: env.CLASPER_FAST_LANE || !env.CLASPER_ROLES.includes('web'),
    log: (message, fields) => log.info(message, fields),
  }
}
