import type { CommandAudit, Scope } from '@/lib/core/scope'
import { missing, Problem } from '@/lib/shared/problem'
import type { PolicyChange, PolicyView } from '../contract/policy'
import { PolicyDocument } from '../contract/policy-document'
import { assertMayChange, mayReach, ownDocument } from './may-change'
import { assertOperators } from './operators-allowed'
import { presentPolicy } from './present'
import { forgetRules } from './rule-set'
import {
  countPolicies,
  deletePolicy,
  documentOf,
  documentOrNull,
  findPolicy,
  insertPolicy,
  MOST_POLICIES,
  type PolicyRow,
  replacePolicy,
} from './store'

type Event = Pick<CommandAudit, 'event'>['event']

// People make policies in the console's wizard; a backend that sets them changes configuration.
const eventOf = ({ identity }: Scope, made: boolean): Event => {
  if (identity.plane === 'service') return 'config_change'
  return made ? 'policy_created_via_wizard' : 'policy_updated_via_wizard'
}

const taken = (id: string, cause?: unknown): Problem =>
  new Problem(
    'version_conflict',
    `There is a policy ${id} already.`,
    { policy_id: id },
    cause === undefined ? {} : { cause },
  )

const isTaken = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'P2002'

const workspaceOf = (document: PolicyDocument) => {
  const id = document.scope?.workspace_id
  return id === undefined ? {} : { workspaceId: id }
}

type Making = { event: Event; source: 'console' | 'api' | 'trace'; about?: object }

/** Stores a policy that is new, under an id that is free. */
export const savePolicy = async (scope: Scope, document: PolicyDocument, making: Making): Promise<PolicyRow> => {
  assertMayChange(scope, document.scope?.workspace_id)
  assertOperators(document)
  const about = {
    event: making.event,
    entityId: document.policy_id,
    ...workspaceOf(document),
    data: { kind: 'policy', action: 'created', after: document, revision: 1, ...making.about },
  }
  try {
    return await scope.mutate(about, async (db) => {
      if (await findPolicy(db, document.policy_id)) throw taken(document.policy_id)
      if ((await countPolicies(db)) >= MOST_POLICIES)
        throw new Problem('invalid_request', `A tenant has at most ${MOST_POLICIES} policies.`)
      return insertPolicy(db, document, { actor: scope.actor, now: scope.clock.now(), source: making.source })
    })
  } catch (error) {
    if (isTaken(error)) throw taken(document.policy_id, error)
    throw error
  } finally {
    forgetRules(scope.tenantId)
  }
}

export const createPolicy = async (scope: Scope, body: PolicyDocument): Promise<{ policy: PolicyView }> => {
  const source = scope.identity.plane === 'service' ? 'api' : 'console'
  const row = await savePolicy(scope, ownDocument(scope, body), { event: eventOf(scope, true), source })
  return { policy: presentPolicy(row) }
}

const changed = (before: PolicyDocument, change: PolicyChange): PolicyDocument => {
  const { revision: _revision, tenant_id: _tenant, explanation, ...fields } = change
  const set = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
  const { explanation: told, ...rest } = before
  const kept = explanation === undefined ? told : (explanation ?? undefined)
  return PolicyDocument.parse({ ...rest, ...set, ...(kept === undefined ? {} : { explanation: kept }) })
}

const stale = (row: PolicyRow): Problem =>
  new Problem('version_conflict', 'Somebody else changed this policy first.', {
    policy_id: row.id,
    revision: row.revision,
  })

const reached = (scope: Scope, row: PolicyRow | null, id: string): PolicyRow =>
  row && mayReach(scope, row.workspaceId) ? row : missing('policy', id)

type Changed = { row: PolicyRow; before: PolicyDocument; after: PolicyDocument }

export const updatePolicy = async (scope: Scope, id: string, change: PolicyChange): Promise<{ policy: PolicyView }> => {
  const about = {
    event: eventOf(scope, false),
    entityId: id,
    data: ({ row, before, after }: Changed) => ({
      kind: 'policy',
      action: 'updated',
      before,
      after,
      revision: row.revision,
    }),
  }
  try {
    const { row } = await scope.mutate(about, async (db): Promise<Changed> => {
      const known = reached(scope, await findPolicy(db, id), id)
      if (known.revision !== change.revision) throw stale(known)
      const before = documentOf(known)
      const after = ownDocument(scope, changed(before, change))
      assertMayChange(scope, known.workspaceId)
      assertMayChange(scope, after.scope?.workspace_id)
      assertOperators(after)
      const row = await replacePolicy(db, known, after, { actor: scope.actor, now: scope.clock.now() })
      if (row === null) throw stale(known)
      return { row, before, after }
    })
    return { policy: presentPolicy(row) }
  } finally {
    forgetRules(scope.tenantId)
  }
}

export const removePolicy = async (scope: Scope, id: string): Promise<{ status: 'ok'; policy_id: string }> => {
  const about = {
    event: 'config_change' as const,
    entityId: id,
    data: (before: object) => ({ kind: 'policy', action: 'removed', before }),
  }
  try {
    await scope.mutate(about, async (db) => {
      const known = reached(scope, await findPolicy(db, id), id)
      assertMayChange(scope, known.workspaceId)
      await deletePolicy(db, id)
      return documentOrNull(known) ?? { policy_id: id, is_readable: false }
    })
    return { status: 'ok', policy_id: id }
  } finally {
    forgetRules(scope.tenantId)
  }
}
