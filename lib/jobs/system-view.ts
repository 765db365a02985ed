import type { z } from 'zod'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { toWire, toWireOrNull } from '@/lib/shared/time'
import type { SystemView } from './contract'
import { seesJobs } from './fence'
import { databaseFacts, type MigrationState, migrationStates, type Probe, probe, workerState } from './probe'
import { countJobs } from './store-tenant'
import { VERSION } from './version'

type View = z.output<typeof SystemView>
type Check = View['checks'][number]

const broken = (name: string, { ms }: Probe<unknown>): Check => ({
  name,
  status: 'error',
  detail: 'does not answer',
  latency_ms: ms,
})

const checkOf = <T>(name: string, found: Probe<T>, judge: (value: T) => Pick<Check, 'status' | 'detail'>): Check =>
  found.ok ? { name, ...judge(found.value), latency_ms: found.ms } : broken(name, found)

const migrationsCheck = (states: MigrationState[]): Pick<Check, 'status' | 'detail'> => {
  const waiting = states.filter(({ at }) => at === null).length
  return waiting === 0
    ? { status: 'ok', detail: `${states.length} applied` }
    : { status: 'error', detail: `${waiting} of ${states.length} not applied` }
}

const jobsCheck = (counts: ReadonlyMap<string, number>): Pick<Check, 'status' | 'detail'> => {
  const of = (state: string): number => counts.get(state) ?? 0
  const detail = `${of('queued')} waiting, ${of('running')} running, ${of('dead')} dead`
  return { status: of('dead') > 0 ? 'degraded' : 'ok', detail }
}

const jobsHidden: Check = {
  name: 'jobs',
  status: 'off',
  detail: 'not shown to whoever is limited to workspaces',
  latency_ms: null,
}

const signInCheck = (): Check => {
  const isOn = kernel().env.OPS_OIDC_ISSUER !== ''
  const detail = isOn ? 'OpenID Connect' : 'OPS_OIDC_ISSUER is not set'
  return { name: 'sign-in', status: isOn ? 'ok' : 'off', detail, latency_ms: null }
}

// Facts of this instance, and the jobs of the tenant. No path, address or secret is among them.
export const systemView = async (scope: Scope): Promise<View> => {
  const { env, db, id, startedAt } = kernel()
  const [facts, migrations, worker, jobs] = await Promise.all([
    probe(databaseFacts),
    probe(migrationStates),
    probe(workerState),
    seesJobs(scope) ? probe(() => countJobs(scope.db)) : null,
  ])
  const memory = process.memoryUsage()
  const { queued, mutations, commands, groups } = db.writer.stats()
  return {
    version: VERSION,
    node: process.versions.node,
    profile: env.profile,
    instance_id: id,
    started_at: toWire(startedAt),
    roles: env.CLASPER_ROLES,
    database: {
      engine: db.dialect,
      version: facts.ok ? facts.value.version : 'unknown',
      size_bytes: facts.ok ? facts.value.size : null,
    },
    migrations: migrations.ok ? migrations.value.map(({ name, at }) => ({ name, applied_at: toWireOrNull(at) })) : [],
    writer: { queued, mutations, commands, groups },
    memory: { rss_bytes: memory.rss, heap_used_bytes: memory.heapUsed },
    checks: [
      checkOf('database', facts, ({ version }) => ({ status: 'ok', detail: `${db.dialect} ${version}` })),
      checkOf('migrations', migrations, migrationsCheck),
      checkOf('worker', worker, (status) => ({ status, detail: status === 'ok' ? 'at work' : 'none was seen lately' })),
      jobs ? checkOf('jobs', jobs, jobsCheck) : jobsHidden,
      signInCheck(),
    ],
  }
}
