import type { Identity, Scope } from '@/lib/core/scope'
import type { GivenPins } from '@/lib/workspace'
import { type EvalOptions, Scorer } from '../contract'
import type { RunRow } from './store'

// Whoever goes on with a run in another process does it with what its starter was granted, and not with more.
type KeptIdentity = Omit<Identity, 'permissions' | 'scopes' | 'opened'> & {
  permissions: readonly string[]
  scopes: readonly string[]
}

export type Kept = { said: Partial<EvalOptions>; by: KeptIdentity; pins?: GivenPins }

export const keptOptions = ({ identity }: Scope, said: Partial<EvalOptions>, pins?: GivenPins): Kept => {
  const { permissions, scopes, opened: _, ...rest } = identity
  const by = { ...rest, permissions: [...permissions], scopes: [...scopes] }
  return { said, by, ...(pins === undefined ? {} : { pins }) }
}

// Nobody but `keptOptions` writes this column.
const keptIn = ({ options }: Pick<RunRow, 'options'>): Kept => options as unknown as Kept

export const saidOptions = (row: Pick<RunRow, 'options'>): Partial<EvalOptions> => keptIn(row).said

/** What a promotion evaluates its version with. */
export const givenPins = (row: Pick<RunRow, 'options'>): GivenPins | undefined => keptIn(row).pins

const identityIn = (row: Pick<RunRow, 'options'>): Identity => {
  const { permissions, scopes, ...rest } = keptIn(row).by
  return {
    ...rest,
    permissions: new Set(permissions) as Identity['permissions'],
    scopes: new Set(scopes) as Identity['scopes'],
  }
}

export const scorersOf = ({ scorers }: Pick<RunRow, 'scorers'>): Scorer[] => Scorer.array().parse(scorers)

/** The scope of whoever works, speaking for whoever asked; it ends with the run and not with the caller. */
export const scopeForRun = (scope: Scope, row: RunRow, signal: AbortSignal): Scope => {
  const identity = identityIn(row)
  return Object.create(scope, {
    identity: { value: identity },
    actor: { value: identity.actor },
    permissions: { value: identity.permissions },
    workspaceId: { value: row.workspaceId },
    signal: { value: signal },
    once: { value: undefined },
  }) as Scope
}
