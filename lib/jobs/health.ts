import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { z } from 'zod'
import { identify } from '@/lib/auth'
import { kernel } from '@/lib/core/kernel'
import type { Visit } from '@/lib/http/visit'
import { providersHealth } from '@/lib/providers'
import { service } from '@/lib/shared/contract'
import { Problem } from '@/lib/shared/problem'
import { type WorkspaceHealth, workspaceHealth } from '@/lib/workspace'
import type { Health } from './contract/health'
import { type BackendPart, backendPart, modelsStatus, worstOf } from './health-parts'
import { databaseFacts, isMigrated, type Probe, probe, workerState } from './probe'
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
    config: {
      port: env.CLASPER_PORT,
      default_task: env.CLASPER_DEFAULT_TASK || NOT_SET,
      model: env.LLM_MODEL_DEFAULT,
      fallback_model: env.LLM_MODEL_FALLBACK || NOT_SET,
    },
    instance: { id, version: VERSION, node: process.versions.node, roles: env.CLASPER_ROLES },
  }
}

type Part = Pick<View, 'database'>['database']

// As configured by the plain setting; of a URL the file's name alone, so that no folder of the machine is told.
export const shownDatabase = (): string => {
  const { DATABASE_URL: url, CLASPER_DB_PATH: path } = kernel().env
  return url === '' ? path : basename(url.replace(/^file:/, '').replace(/[?].*$/s, ''))
}

const databasePart = (found: Probe<unknown>, trusted: boolean): Part => {
  const { db } = kernel()
  const status = found.ok ? 'ok' : 'error'
  if (!trusted) return { status }
  return {
    status,
    engine: db.dialect,
    latency_ms: found.ms,
    ...(db.dialect === 'sqlite' ? { path: shownDatabase() } : {}),
    ...(found.ok ? {} : { error: 'does not answer' }),
  }
}

const files = (found: Probe<WorkspaceHealth>, trusted: boolean): Pick<View, 'workspace' | 'skills'> => {
  if (!found.ok) return { workspace: { status: 'error' } }
  const { isThere, maxCharsPerFile, isBootComplete, skills } = found.value
  const status = isThere ? 'ok' : 'missing'
  if (!trusted) return { workspace: { status } }
  const path = kernel().env.CLASPER_WORKSPACE
  return { workspace: { status, path, max_chars_per_file: maxCharsPerFile, boot_complete: isBootComplete }, skills }
}

const modelsPart = (found: Probe<ReturnType<typeof providersHealth>>, trusted: boolean): Part => {
  if (!found.ok) return { status: 'error' }
  const status = modelsStatus(found.value)
  return trusted ? { status, default: found.value.default, fallback: found.value.fallback } : { status }
}

const backendView = ({ status, url, error }: BackendPart, trusted: boolean): Part =>
  trusted ? { status, url, ...(error === null ? {} : { error }) } : { status }

// A tenant may have folders of its own; only where there are none is the common one needed.
const isNeeded = (): boolean => kernel().env.CLASPER_WORKSPACES === ''

// Its price does not depend on how much is stored: nothing is counted here.
export const health = async (visit: Visit, request: Request, { deep }: { deep: boolean }): Promise<View> => {
  const [trusted, database, worker, workspace, models, backend] = await Promise.all([
    isTrusted(request, visit),
    probe(databaseFacts),
    probe(workerState),
    probe(workspaceHealth),
    probe(async () => providersHealth()),
    backendPart(deep),
  ])
  const parts = {
    database: databasePart(database, trusted),
    worker: { status: worker.ok ? worker.value : ('error' as const) },
    ...files(workspace, trusted),
    models: modelsPart(models, trusted),
    backend: backendView(backend, trusted),
  }
  const judged = [parts.database, parts.worker, parts.models, parts.backend, ...(isNeeded() ? [parts.workspace] : [])]
  return {
    status: worstOf(judged.map(({ status }) => status)),
    profile: kernel().env.profile,
    ...parts,
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
