import type { Scope } from '@/lib/core/scope'
import { loadSnapshot } from '@/lib/workspace'
import type { Prepared } from '../prepare'
import type { Found } from './divergence'
import type { AgentRun } from './recorded-run'

/** Tools that a version newly grants may be had from the backend or not: the record cannot say, so it is said. */
export const unknownTools = async (
  scope: Scope,
  { record, inputs, calls }: AgentRun,
  { bundle, tools }: Prepared,
): Promise<() => Found | null> => {
  const none = () => null
  if (record.workspaceHash === null || bundle.hash === record.workspaceHash) return none
  const about = { hash: record.workspaceHash, workspaceId: record.workspaceId, isBootComplete: true }
  const before = await loadSnapshot(scope, { ...about, skills: inputs.claims.skills })
  if (before === null) return none
  const known = new Set([...before.toolGrants, ...tools.specs.map(({ name }) => tools.nameOf(name))])
  const added = bundle.toolGrants.filter((pattern) => !known.has(pattern))
  if (added.length === 0) return none
  const what = `This version grants tools of which the record does not say whether the backend has them (${added.join(', ')}).`
  return () => ({ step: calls[0]?.seq ?? 1, kind: 'tools', what })
}
