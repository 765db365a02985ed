import type { Scope } from '@/lib/core/scope'
import type { SpanDetail } from './contract/spans'
import { isOurs } from './integrity'
import { readRun } from './list-spans'
import { isOpenState } from './pause-run'
import { bareDetail } from './span-names'

const ABOUT = {
  ...{ id: true, origin: true, status: true, userId: true, agentRole: true, sessionKey: true, environment: true },
  ...{ workspaceId: true, workspaceHash: true, riskScore: true, replayOf: true, costMicroUsd: true },
} as const

const findRun = (scope: Scope, id: string) =>
  scope.db.trace.findUnique({ where: { tenantId_id: { tenantId: scope.tenantId, id } }, select: ABOUT })

export type RunSpans = Omit<NonNullable<Awaited<ReturnType<typeof findRun>>>, 'origin'> & { spans: SpanDetail[] }

/** A run of ours as spans, for another system. Without texts it is what readers see who may not see texts. */
export const readRunSpans = async (scope: Scope, id: string, hasTexts: boolean): Promise<RunSpans | null> => {
  const found = await findRun(scope, id)
  if (found === null || !isOurs(found.origin) || isOpenState(found.status)) return null
  const { origin: _origin, ...run } = found
  const { spans, known } = await readRun(scope, id)
  return { ...run, spans: hasTexts ? spans : spans.map((span) => bareDetail(span, known)) }
}
