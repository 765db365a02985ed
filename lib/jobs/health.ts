import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { z } from 'zod'
import { identify } from '@/lib/auth'
import { kernel } from '@/lib/core/kernel'
import type { Visit } from '@/lib/http/visit'
import { service } from '@/lib/shared/contract'
import { Problem } from '@/lib/shared/problem'
import type { Health } from './contract'
import { databaseFacts, isMigrated, probe, workerState } from './probe'
import { CONTRACT_VERSION, FEATURES, VERSION } from './version'

type View = z.input<typeof Health>

const NOT_SET = '(not set)'

// The door is open to everybody; a key that is sent and is good opens the details as well.
const isTrusted = async (request: Request, visit: Visit): Promise<boolean> => {
  if (!request.headers.has('x-agent-daemon-key') && !request.headers.has('authorization')) return false
  return identify(request, service('read'), visit).then(
    () => true,
    () => false,
  )
}

const details = (): Pick<View, 'config' | 'instance'> => {
  const { env, id } = kernel()
  return {
    config: { port: env.CLASPER_PORT, default_task: NOT_SET, model: NOT_SET, fallback_model: NOT_SET },
    instance: { id, version: VERSION, node: process.versions.node, roles: env.CLASPER_ROLES },
  }
}

// Its price does not depend on how much is stored: nothing is counted here.
export const health = async (visit: Visit, request: Request): Promise<View> => {
  const { env, db } = kernel()
  const [trusted, database, worker] = await Promise.all([
    isTrusted(request, visit),
    probe(databaseFacts),
    probe(workerState),
  ])
  const workspace = existsSync(resolve(/* turbopackIgnore: true */ env.CLASPER_WORKSPACE)) ? 'ok' : 'missing'
  const working = worker.ok ? worker.value : 'error'
  const shownPath = db.dialect === 'sqlite' ? env.CLASPER_DB_PATH : undefined
  return {
    status: database.ok && working === 'ok' ? 'ok' : 'degraded',
    profile: env.profile,
    database: {
      status: database.ok ? 'ok' : 'error',
      ...(trusted ? { engine: db.dialect, latency_ms: database.ms, ...(shownPath ? { path: shownPath } : {}) } : {}),
    },
    worker: { status: working },
    workspace: { status: workspace, ...(trusted ? { path: env.CLASPER_WORKSPACE } : {}) },
    ...(trusted ? details() : {}),
  }
}

// Ready means: it may take requests now. Whoever balances load asks this and nothing else.
export const readiness = async () => {
  const [database, migrated] = await Promise.all([probe(databaseFacts), probe(isMigrated)])
  const checks = {
    database: database.ok ? 'ok' : 'failed',
    migrations: migrated.ok && migrated.value ? 'ok' : 'failed',
    accepting: kernel().isStopping ? 'failed' : 'ok',
  }
  if (kernel().isStopping) throw new Problem('shutting_down', undefined, { checks })
  if (Object.values(checks).includes('failed')) throw new Problem('unavailable', 'Not ready', { checks })
  return { status: 'ok' as const, checks }
}

export const versionFacts = () => ({
  version: VERSION,
  contract_version: CONTRACT_VERSION,
  name: 'Clasper' as const,
  features: [...FEATURES],
})

const readOpenApi = (): string => {
  const file = join(/* turbopackIgnore: true */ process.cwd(), 'docs', 'api', 'openapi.json')
  if (!existsSync(file))
    throw new Problem('not_configured', 'docs/api/openapi.json was not generated: npm run docs:api')
  return readFileSync(file, 'utf8')
}

export const openApi = (): Response =>
  new Response(kernel().slot('jobs.openapi', readOpenApi), { headers: { 'content-type': 'application/json' } })
