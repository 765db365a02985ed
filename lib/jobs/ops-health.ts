import { checkCompatibility } from '@/lib/control-plane'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { providersHealth } from '@/lib/providers'
import { isProblem } from '@/lib/shared/problem'
import { toWire, toWireOrNull } from '@/lib/shared/time'
import type { OpsHealth } from './contract/health'
import { backendPart, modelsStatus, worstOf } from './health-parts'
import { databaseFacts, probe, workerSeen } from './probe'
import { recentRuns } from './recent-runs'
import { VERSION } from './version'
import { workspaceParts } from './workspace-parts'

const CONTRACT_MS = 8_000
const MANY = 0.1

const instancePart = (): OpsHealth['instance'] => {
  const { env, id, startedAt, isStopping } = kernel()
  return {
    status: isStopping ? 'degraded' : 'ok',
    id,
    version: VERSION,
    profile: env.profile,
    roles: env.CLASPER_ROLES,
    started_at: toWire(startedAt),
  }
}

const databasePart = async (): Promise<OpsHealth['database']> => {
  const found = await probe(databaseFacts)
  return {
    status: found.ok ? 'ok' : 'error',
    engine: kernel().db.dialect,
    version: found.ok ? found.value.version : null,
    latency_ms: found.ms,
  }
}

const workerPart = async (): Promise<OpsHealth['worker']> => {
  const found = await probe(workerSeen)
  if (!found.ok) return { status: 'error', seen_at: null }
  return { status: found.value.state, seen_at: toWireOrNull(found.value.at) }
}

const messageOf = (error: unknown): string => (isProblem(error) ? error.message : 'could not be looked at')

const modelsPart = (): OpsHealth['models'] => {
  try {
    const models = providersHealth()
    const cooldowns = models.cooldowns.map(({ until, ...rest }) => ({ ...rest, until: toWire(until) }))
    return { status: modelsStatus(models), ...models, cooldowns, error: null }
  } catch (error) {
    return { status: 'error', default: null, fallback: null, cheap: null, cooldowns: [], error: messageOf(error) }
  }
}

type Backend = OpsHealth['backend']

const contractOf = async (scope: Scope): Promise<NonNullable<Backend['contract']>> => {
  const signal = AbortSignal.any([scope.signal, AbortSignal.timeout(CONTRACT_MS)])
  const found = await probe(() => checkCompatibility({ ...scope, signal }), CONTRACT_MS + 500)
  if (!found.ok) {
    const error = messageOf(found.error)
    return { compatible: false, version: null, missing_features: [], warnings: [], error }
  }
  const { compatible, control_plane_contract_version: version, missing_features, warnings, error = null } = found.value
  return { compatible, version, missing_features, warnings, error }
}

const backendOf = async (scope: Scope, deep: boolean): Promise<Backend> => {
  const [reach, contract] = await Promise.all([backendPart(deep), deep ? contractOf(scope) : null])
  const isUnfit = reach.status === 'ok' && contract !== null && !contract.compatible
  return {
    status: isUnfit ? 'degraded' : reach.status,
    url: reach.url,
    is_resting: reach.isResting,
    checked_at: toWireOrNull(reach.checkedAt),
    latency_ms: reach.latencyMs,
    error: reach.error,
    contract,
  }
}

const runsPart = async (scope: Scope): Promise<OpsHealth['runs']> => {
  const { since, total, failed, isCapped, failures } = await recentRuns(scope)
  return {
    status: failed > 0 && failed >= total * MANY ? 'degraded' : 'ok',
    since: toWire(since),
    total,
    failed,
    is_capped: isCapped,
    failures: failures.map(({ traceId, status, code, at }) => ({ trace_id: traceId, status, code, at: toWire(at) })),
  }
}

// Everything that a run needs, and whether the last ones went well. What it costs does not grow with what is stored.
export const opsHealth = async (scope: Scope, { deep }: { deep: boolean }): Promise<OpsHealth> => {
  const [database, worker, backend, files, runs] = await Promise.all([
    databasePart(),
    workerPart(),
    backendOf(scope, deep),
    workspaceParts(scope),
    runsPart(scope),
  ])
  const parts = { instance: instancePart(), database, worker, models: modelsPart(), backend, ...files, runs }
  return {
    status: worstOf(Object.values(parts).map(({ status }) => status)),
    checked_at: toWire(scope.clock.now()),
    ...parts,
  }
}
