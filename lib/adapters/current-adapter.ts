import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import { Problem } from '@/lib/shared/problem'
import { environmentOf } from '@/lib/workspace'
import { RISK_CLASSES } from './contract/adapter'
import { textsIn } from './present'
import { stillEnabled, touchAdapter } from './sql'
import { type AdapterRow, findAdapter } from './store'

export type RiskClass = (typeof RISK_CLASSES)[number]

// The agent that asks: what its token and its registration both allow, and nothing else.
export type CurrentAdapter = {
  id: string
  workspaceId: string
  row: AdapterRow
  riskClass: RiskClass
  capabilities: ReadonlySet<string>
  tools: readonly string[]
}

export const holderOf = ({ identity }: Scope): NonNullable<Scope['identity']['adapter']> => {
  if (identity.adapter === undefined)
    throw new Problem('permission_denied', 'Only an external agent can do this, by its own token.')
  return identity.adapter
}

/** The id that a body names is a wish to check, like its tenant. */
export const assertSelf = (scope: Scope, adapterId: string): void => {
  if (holderOf(scope).id !== adapterId)
    throw new Problem('adapter_scope_mismatch', undefined, { adapter_id: adapterId })
}

type Owned = { adapterId: string | null; workspaceId: string; environment: string }

/** Its own, and where its token is for. Whatever it did elsewhere is not there. */
export const isOfHolder = (scope: Scope, row: Owned): boolean => {
  const { id, environment } = holderOf(scope)
  const { workspaceIds } = scope.identity
  return (
    row.adapterId === id &&
    (workspaceIds === null || workspaceIds.includes(row.workspaceId)) &&
    (environment === undefined || environment === row.environment)
  )
}

const DEFAULT_WORKSPACE = 'default'

/** The caller as it is registered. One that is not, or that a person switched off, does nothing. */
export const currentAdapter = async (scope: Scope): Promise<CurrentAdapter> => {
  const { id, capabilities } = holderOf(scope)
  const row = await findAdapter(scope.db, id)
  if (row === null) throw new Problem('adapter_not_registered', undefined, { adapter_id: id })
  if (!row.isEnabled) throw new Problem('adapter_disabled', undefined, { adapter_id: id })
  const registered = new Set(textsIn(row.capabilities))
  return {
    id,
    workspaceId: scope.workspaceId ?? scope.identity.workspaceIds?.[0] ?? DEFAULT_WORKSPACE,
    row,
    riskClass: row.riskClass as RiskClass,
    capabilities: new Set(capabilities.filter((name) => registered.has(name))),
    tools: textsIn(row.toolCapabilities),
  }
}

/** A declaration may only raise a risk. */
export const higherClass = (known: RiskClass, declared: RiskClass | undefined): RiskClass =>
  declared !== undefined && RISK_CLASSES.indexOf(declared) > RISK_CLASSES.indexOf(known) ? declared : known

/** The last of all writes: where a person switched the agent off meanwhile, nothing of the command is written. */
export const seenWrites = (scope: Scope, id: string): CommandWrite[] => [
  { statement: stillEnabled, rows: [{ id }], guard: true },
  { statement: touchAdapter, rows: [{ id, now: storedTime(scope.clock.now()) }] },
]

/** Where a token is for one environment, no body leads out of it. Who names none is in the workspace's default one. */
export const environmentFor = async (
  scope: Scope,
  { workspaceId }: Pick<CurrentAdapter, 'workspaceId'>,
  wished: string | undefined,
): Promise<string> => {
  const { environment: own } = holderOf(scope)
  if (own !== undefined && wished !== undefined && wished !== own)
    throw new Problem('adapter_scope_mismatch', 'The adapter token is for another environment.', {
      environment: wished,
    })
  return own ?? wished ?? environmentOf(scope, workspaceId)
}
