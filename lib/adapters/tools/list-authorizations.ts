import { isInReach } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { missing } from '@/lib/shared/problem'
import type { ToolAuthorizationFilter } from '../contract/tool'
import { presentAuthorization } from '../present'
import { countAuthorizations, findAuthorization, findAuthorizations } from '../store'
import { rowsWithin } from '../views/fence'

const wantedOf = (scope: Scope, filter: ToolAuthorizationFilter) => ({
  ...rowsWithin(scope),
  ...(filter.adapter_id === undefined ? {} : { adapterId: filter.adapter_id }),
  ...(filter.execution_id === undefined ? {} : { executionId: filter.execution_id }),
  ...(filter.tool === undefined ? {} : { tool: filter.tool }),
  ...(filter.decision === undefined ? {} : { decision: filter.decision }),
})

export const listToolAuthorizations = async (scope: Scope, filter: ToolAuthorizationFilter) => {
  const { limit, offset } = filter
  const wanted = wantedOf(scope, filter)
  const [rows, total] = await Promise.all([
    findAuthorizations(scope.db, wanted, { take: limit, skip: offset }),
    countAuthorizations(scope.db, wanted),
  ])
  return { authorizations: rows.map(presentAuthorization), total, limit, offset }
}

export const getToolAuthorization = async (scope: Scope, id: string) => {
  const row = await findAuthorization(scope.db, id.toLowerCase())
  const found = row !== null && isInReach(scope, { ...row, userId: null }) ? row : missing('authorization', id)
  return { authorization: presentAuthorization(found) }
}
