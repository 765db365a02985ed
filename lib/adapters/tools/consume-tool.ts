import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import { Problem } from '@/lib/shared/problem'
import type { ConsumeToolBody } from '../contract/tool'
import { currentAdapter, seenWrites } from '../current-adapter'
import { mustBeOwn } from '../executions/get-execution'
import { countStep, spendAuthorization } from '../sql'
import { type AuthorizationRow, findAdapter, findAuthorization, findExecution } from '../store'
import { hashOf, hashOfToken, readToolToken, type ToolClaims } from './tool-token'

const refuse = (message: string): never => {
  throw new Problem('invalid_token', message)
}

const isSameTool = (claims: ToolClaims, { tool, arguments: given }: ConsumeToolBody): boolean =>
  claims.tool === tool && (claims.arguments_hash === undefined || claims.arguments_hash === hashOf(given ?? {}))

const rowFor = async (scope: Scope, claims: ToolClaims, token: string): Promise<AuthorizationRow> => {
  if (claims.tenant_id !== scope.tenantId) return refuse('The tool token is not valid.')
  const row = await findAuthorization(scope.db, claims.jti)
  if (row === null || row.tokenHash !== hashOfToken(token)) return refuse('The tool token is not valid.')
  const { workspaceIds } = scope.identity
  if (workspaceIds !== null && !workspaceIds.includes(row.workspaceId)) return refuse('The tool token is not valid.')
  return row
}

// Also where the server behind the tool asks: an agent that was switched off a moment ago does nothing more.
const assertEnabled = async (scope: Scope, adapterId: string): Promise<void> => {
  if ((await findAdapter(scope.db, adapterId))?.isEnabled !== true)
    throw new Problem('adapter_disabled', undefined, { adapter_id: adapterId })
}

// Why it was refused, for those who want to know; whoever was faster has used it.
const explain = async (scope: Scope, row: AuthorizationRow): Promise<never> => {
  const now = scope.clock.now()
  await assertEnabled(scope, row.adapterId)
  const latest = (await findAuthorization(scope.db, row.id)) ?? row
  if (latest.usedAt !== null) throw new Problem('already_consumed')
  if (latest.expiresAt === null || latest.expiresAt <= now) return refuse('The tool token has expired.')
  const execution = await findExecution(scope.db, row.executionId)
  if (execution?.effect === 'allow' && execution.expiresAt > now && execution.usedSteps >= execution.maxSteps)
    throw new Problem('policy_denied', 'The steps of the execution are used up.')
  return refuse('The execution of the tool token is over.')
}

const used = async (scope: Scope, row: AuthorizationRow, claims: ToolClaims, token: string) => {
  const now = storedTime(scope.clock.now())
  const data = { authorization_id: row.id, execution_id: row.executionId, adapter_id: row.adapterId, tool: row.tool }
  const { applied } = await scope.command({
    audit: [{ event: 'tool_authorization_used', entityId: row.id, workspaceId: row.workspaceId, data }],
    writes: [
      {
        statement: spendAuthorization,
        rows: [{ id: row.id, now, token: hashOfToken(token), adapter: row.adapterId }],
        guard: true,
      },
      { statement: countStep, rows: [{ id: row.executionId, now }], guard: true },
      ...seenWrites(scope, row.adapterId),
    ],
  })
  if (!applied) return explain(scope, row)
  return {
    status: 'ok' as const,
    authorization_id: row.id,
    execution_id: row.executionId,
    adapter_id: row.adapterId,
    tool: row.tool,
    scope: claims.scope,
  }
}

const consume = async (scope: Scope, body: ConsumeToolBody, adapterId: string | null) => {
  const claims = (await readToolToken(body.tool_token)) ?? refuse('The tool token is not valid.')
  if (adapterId !== null && claims.adapter_id !== adapterId) return refuse('The tool token is another agent’s.')
  const row = await rowFor(scope, claims, body.tool_token)
  if (!isSameTool(claims, body)) return refuse('The tool token is for another call.')
  if (row.usedAt !== null) throw new Problem('already_consumed')
  if (adapterId !== null) await mustBeOwn(scope, row.executionId)
  await assertEnabled(scope, row.adapterId)
  return used(scope, row, claims, body.tool_token)
}

/** The one use of a tool token, by the agent that it was given to. It is a step of its execution. */
export const consumeTool = async (scope: Scope, body: ConsumeToolBody) =>
  consume(scope, body, (await currentAdapter(scope)).id)

/** The same by the server behind the tool, for whichever agent of the tenant. */
export const consumeToolForService = (scope: Scope, body: ConsumeToolBody) => consume(scope, body, null)
