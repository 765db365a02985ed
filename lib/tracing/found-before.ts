import type { Scope } from '@/lib/core/scope'
import { readStatement } from '@/lib/core/statement'

const findTold = readStatement(`SELECT "data" FROM "TraceStep"
  WHERE "tenantId" = :tenant AND "traceId" = :id AND "data" LIKE '%"found":[%'`)

const kindsIn = (data: unknown): string[] => {
  const { found } = JSON.parse(String(data)) as { found?: unknown }
  return Array.isArray(found) ? found.filter((kind): kind is string => typeof kind === 'string') : []
}

/** Kinds of secrets and personal data that were found in the steps of a run so far, whoever ran it. */
export const foundBefore = async (scope: Pick<Scope, 'rows'>, id: string): Promise<string[]> => [
  ...new Set((await scope.rows(findTold, { id })).flatMap(({ data }) => kindsIn(data))),
]
