import type { Scope } from '@/lib/core/scope'
import type { Annotation } from './contract'
import { mustReach } from './label-trace'
import { addAnnotation, findAnnotations, type StoredAnnotation } from './store'

const present = (row: StoredAnnotation): Annotation => ({
  id: row.id,
  trace_id: row.traceId,
  key: row.key,
  value: row.value,
  created_at: row.createdAt.toISOString(),
  created_by: row.createdBy,
})

type Given = { key: string; value: string; created_by?: string | undefined }

/** Adds one; there is no way to change or remove it but with its trace. */
export const annotateTrace = async (scope: Scope, id: string, given: Given) => {
  const { workspaceId, id: traceId } = await mustReach(scope, scope.db, id)
  const key = scope.redaction.text(given.key)
  // Nobody signs in another's name at the console; a backend speaks for its own people.
  const author =
    scope.identity.plane === 'service' && given.created_by ? scope.redaction.text(given.created_by) : scope.actor
  const about = { event: 'trace_annotated', entityId: traceId, traceId, workspaceId } as const
  const row = await scope.mutate(
    { ...about, data: ({ id: annotation }: StoredAnnotation) => ({ key, annotation_id: annotation }) },
    async (db) => {
      await mustReach(scope, db, traceId)
      const createdAt = scope.clock.now()
      return addAnnotation(db, { traceId, key, value: scope.redaction.text(given.value), createdAt, createdBy: author })
    },
  )
  return { status: 'ok' as const, annotation: present(row) }
}

export const listAnnotations = async (scope: Scope, id: string) => {
  const { id: traceId } = await mustReach(scope, scope.db, id)
  return { trace_id: traceId, annotations: (await findAnnotations(scope.db, traceId)).map(present) }
}
