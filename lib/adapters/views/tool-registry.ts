import type { Scope } from '@/lib/core/scope'
import { listPolicies, NO_FILED_POLICIES } from '@/lib/governance'
import type { PolicyList } from '@/lib/governance/contract'
import { missing } from '@/lib/shared/problem'
import { toWireOrNull } from '@/lib/shared/time'
import type { ToolView } from '../contract/views'
import { textsIn } from '../present'
import { type AdapterRow, findAdapters } from '../store'
import { timeIn } from './agents'
import { fenceOf } from './fence'
import { rulesFor } from './posture'
import { authorizationsByTool } from './sql-counts'

type Counts = { granted: number; denied: number; used: number; last: Date | null }

const NOTHING: Counts = { granted: 0, denied: 0, used: 0, last: null }
const MOST_AGENTS = 1_000

const countsOf = async (scope: Scope): Promise<Map<string, Counts>> => {
  const all = new Map<string, Counts>()
  for (const row of await scope.rows(authorizationsByTool, fenceOf(scope))) {
    const name = String(row['tool'])
    const known = all.get(name) ?? NOTHING
    const [n, last] = [Number(row['n']), timeIn(row['last'])]
    const isGrant = row['decision'] === 'allow'
    all.set(name, {
      granted: known.granted + (isGrant ? n : 0),
      denied: known.denied + (isGrant ? 0 : n),
      used: known.used + Number(row['used'] ?? 0),
      last: known.last !== null && last !== null && known.last > last ? known.last : (last ?? known.last),
    })
  }
  return all
}

const viewOf = (name: string, agents: readonly AdapterRow[], { policies }: PolicyList, counts: Counts): ToolView => {
  const rules = rulesFor(policies, name)
  return {
    name,
    adapters: agents.filter((row) => textsIn(row.toolCapabilities).includes(name)).map(({ id }) => id),
    covered: rules.length > 0 || policies.some(({ is_fallback, enabled }) => is_fallback && enabled),
    policies: rules.map(({ policy_id }) => policy_id),
    granted: counts.granted,
    denied: counts.denied,
    used: counts.used,
    last_asked_at: toWireOrNull(counts.last),
  }
}

const allTools = async (scope: Scope) => {
  const [agents, counts, policies] = await Promise.all([
    findAdapters(scope.db, { take: MOST_AGENTS, skip: 0 }),
    countsOf(scope),
    listPolicies(scope, {}, NO_FILED_POLICIES),
  ])
  const names = [...new Set([...agents.flatMap((row) => textsIn(row.toolCapabilities)), ...counts.keys()])].sort()
  return { names, view: (name: string) => viewOf(name, agents, policies, counts.get(name) ?? NOTHING) }
}

type Filter = { q?: string | undefined; limit: number; offset: number }

export const listTools = async (scope: Scope, { q, limit, offset }: Filter) => {
  const { names, view } = await allTools(scope)
  const wanted = names.filter((name) => q === undefined || name.toLowerCase().includes(q.toLowerCase()))
  return { tools: wanted.slice(offset, offset + limit).map(view), total: wanted.length, limit, offset }
}

/** A tool that an agent registered or asked for; any other name is unknown. */
export const getTool = async (scope: Scope, name: string) => {
  const { names, view } = await allTools(scope)
  return names.includes(name) ? { tool: view(name) } : missing('tool', name)
}
