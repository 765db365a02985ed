import type { MutateDb, ReadDb } from '@/lib/core/scope'
import type { Conditions } from '../contract/policy-conditions'
import { PolicyDocument } from '../contract/policy-document'

export type PolicyRow = NonNullable<Awaited<ReturnType<typeof findPolicy>>>

const ROLE = '__clasper_required_role'
const at = (db: { tenantId: string }, id: string) => ({ tenantId_id: { tenantId: db.tenantId, id } })

export const MOST_POLICIES = 1000

export const findPolicy = (db: ReadDb, id: string) => db.policy.findUnique({ where: at(db, id) })

type Filter = { workspaceId?: string; environment?: string; isEnabled?: boolean }

export const findPolicies = (db: ReadDb, where: Filter = {}): Promise<PolicyRow[]> =>
  db.policy.findMany({ where, orderBy: [{ precedence: 'desc' }, { id: 'asc' }], take: MOST_POLICIES })

export const countPolicies = (db: ReadDb): Promise<number> => db.policy.count()

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// The role that may approve stands among the conditions, under a name that no rule can use.
export const documentOf = (row: PolicyRow): PolicyDocument => {
  const { [ROLE]: role, ...conditions } = isMap(row.conditions) ? row.conditions : {}
  return PolicyDocument.parse({
    policy_id: row.id,
    ...(row.workspaceId === null && row.environment === null
      ? {}
      : {
          scope: {
            ...(row.workspaceId === null ? {} : { workspace_id: row.workspaceId }),
            ...(row.environment === null ? {} : { environment: row.environment }),
          },
        }),
    subject: { type: row.subjectType, ...(row.subjectName === null ? {} : { name: row.subjectName }) },
    ...(Object.keys(conditions).length === 0 ? {} : { conditions }),
    effect: { decision: row.effect, ...(role === undefined ? {} : { required_role: role }) },
    ...(row.explanation === null ? {} : { explanation: row.explanation }),
    precedence: row.precedence,
    enabled: row.isEnabled,
  })
}

/** Null for a row that says nothing valid: what another version wrote, or another hand. */
export const documentOrNull = (row: PolicyRow): PolicyDocument | null => {
  try {
    return documentOf(row)
  } catch {
    return null
  }
}

const columnsOf = (document: PolicyDocument) => {
  const { required_role: role, decision } = document.effect
  const conditions: Conditions = document.conditions ?? {}
  return {
    workspaceId: document.scope?.workspace_id ?? null,
    environment: document.scope?.environment ?? null,
    subjectType: document.subject.type,
    subjectName: document.subject.name ?? null,
    conditions: role === undefined ? conditions : { ...conditions, [ROLE]: role },
    effect: decision,
    explanation: document.explanation ?? null,
    precedence: document.precedence ?? 0,
    isEnabled: document.enabled ?? true,
  }
}

type Author = { actor: string; now: Date }

export const insertPolicy = (
  db: MutateDb,
  document: PolicyDocument,
  { actor, now, source }: Author & { source: string },
): Promise<PolicyRow> =>
  db.policy.create({
    data: {
      tenantId: db.tenantId,
      id: document.policy_id,
      ...columnsOf(document),
      source,
      revision: 1,
      createdBy: actor,
      createdAt: now,
      updatedBy: actor,
      updatedAt: now,
    },
  })

/** Null where somebody else changed it since it was read. */
export const replacePolicy = async (
  db: MutateDb,
  row: PolicyRow,
  document: PolicyDocument,
  { actor, now }: Author,
): Promise<PolicyRow | null> => {
  const { count } = await db.policy.updateMany({
    where: { id: row.id, revision: row.revision },
    data: { ...columnsOf(document), revision: row.revision + 1, updatedBy: actor, updatedAt: now },
  })
  return count === 1 ? findPolicy(db, row.id) : null
}

export const deletePolicy = async (db: MutateDb, id: string): Promise<void> => {
  await db.policy.delete({ where: at(db, id) })
}
