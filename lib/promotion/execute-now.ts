import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import type { Override } from '@/lib/governance/contract'
import { missing } from '@/lib/shared/problem'
import { assertDeliverable } from '@/lib/webhooks'
import { sealAnnouncement } from './announce'
import { aboutOf, factsOf } from './audit'
import { type Route, shortHash } from './candidate'
import { openFor } from './check-promotion'
import type { Annotation, Announcement, ExecuteNow } from './contract'
import { begin, seeOrRefuse } from './create-promotion'
import { execute } from './execute-promotion'
import { restart } from './recheck-promotion'
import { enter } from './route-state'
import { runChecks } from './run-checks'
import { changePromotion, findPromotion, type PromotionRow } from './store'
import { beforeIn, candidateIn, gatesOf } from './stored'

const WAIT_MS = 20_000
// By then whoever asked has run the checks, or is no more.
const PATIENCE_MS = 90_000

type Wish = { annotation: Annotation; override?: Override | undefined; webhook?: Announcement | undefined }

const waited = async (scope: Scope, work: Promise<unknown>, mostMs: number): Promise<void> => {
  let end: () => void = () => undefined
  const over = new Promise<void>((resolve) => {
    end = resolve
  })
  const timer = setTimeout(end, mostMs)
  const told = work.catch((error: unknown) => scope.log.error('checks of a promotion broke off', { error }))
  try {
    await Promise.race([told, over])
  } finally {
    clearTimeout(timer)
  }
}

// What somebody asked for already, and what was approved of it, goes on; what was blocked is looked at once more.
const readied = async (scope: Scope, route: Route): Promise<string> => {
  const seen = await seeOrRefuse(scope, route, null)
  const open = await openFor(scope, seen)
  if (open?.status === 'waiting') return open.id
  if (open === null) return begin(scope, route, seen, { canary: null, patienceMs: PATIENCE_MS })
  await restart(scope, open, dateOf(scope.clock.now().getTime() + PATIENCE_MS))
  return open.id
}

const rowOf = async (scope: Scope, id: string): Promise<PromotionRow> =>
  (await findPromotion(scope.db, id)) ?? missing('promotion', id)

const DONE_MEANWHILE = Symbol('done meanwhile')

// What came with the request, for whoever goes on without it.
const leftWith = (scope: Scope, row: PromotionRow, { annotation: { key, value }, webhook }: Wish) => ({
  annotation: { key: scope.redaction.text(key), value: scope.redaction.text(value) },
  ...(webhook ? { announce: sealAnnouncement(scope.tenantId, row.id, webhook) } : {}),
})

// The caller waits no longer: it is applied by itself, unless one of its checks fails.
const leave = async (scope: Scope, row: PromotionRow, wish: Wish): Promise<boolean> => {
  if (scope.signal.aborted) return true
  const now = scope.clock.now()
  const facts = factsOf(row, { action: 'scheduled', next: candidateIn(row).next, before: beforeIn(row) })
  const gates = { ...gatesOf(row), ...leftWith(scope, row, wish) } as object
  try {
    return await scope.mutate({ ...aboutOf(row), data: facts }, async (db) => {
      const change = { applyAt: now, updatedAt: now, gates }
      const isLeft = await changePromotion(db, row.id, { status: ['checking'] }, change)
      if (!isLeft) throw DONE_MEANWHILE
      return isLeft
    })
  } catch (error) {
    if (error === DONE_MEANWHILE) return false
    throw error
  }
}

export type Now = { status: 'ok' | 'running'; id: string; versionHash: string; isOverridden: boolean }

/** Asked, checked and executed in one call. What takes longer than a request may goes on in the background. */
export const promoteNow = async (scope: Scope, route: Route, wish: Wish, waitMs = WAIT_MS): Promise<Now> => {
  if (wish.webhook) assertDeliverable(wish.webhook.url)
  const id = await readied(scope, route)
  const before = await rowOf(scope, id)
  if (before.status === 'checking') await waited(scope, runChecks(scope, id), waitMs)
  const found = await rowOf(scope, id)
  const isLeft = found.status === 'checking' && (await leave(scope, found, wish))
  const row = isLeft ? found : await rowOf(scope, id)
  const versionHash = shortHash(candidateIn(row).next.versionHash)
  if (isLeft || row.status === 'checking') return { status: 'running', id, versionHash, isOverridden: false }
  const { isOverridden } = await execute(scope, row, wish)
  return { status: 'ok', id, versionHash, isOverridden }
}

export const executeNow = async (scope: Scope, id: string, body: ExecuteNow) => {
  const workspaceId = await enter(scope, id)
  const route = { workspaceId, sourceEnv: body.source_env, targetEnv: body.target_env }
  const { annotation, override, webhook } = body
  const done = await promoteNow(scope, route, { annotation, override, webhook })
  return {
    status: done.status,
    promotion: {
      source_env: route.sourceEnv,
      target_env: route.targetEnv,
      version_hash: done.versionHash,
      override_used: done.isOverridden,
      id: done.id,
    },
  }
}
