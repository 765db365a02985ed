import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { reachOf } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { type Dialect, type Params, storedTime } from '@/lib/core/statement'
import { Problem } from '@/lib/shared/problem'
import type { TraceFilter } from './contract'
import { maySee } from './may-see'
import { ftsMatch, parseSearch, type Term, tenantWord, tsMatch } from './search-query'
import type { Condition, Driver, Shape } from './sql-filter'
import { userNames } from './user-name'

export type Narrowed = { shape: Shape; params: Params; terms: readonly Term[] }

const MICRO = 1_000_000

export const stored = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : storedTime(dateOf(text))

const microOf = (dollars: number | undefined): number | undefined =>
  dollars === undefined ? undefined : Math.round(dollars * MICRO)

const refuse = (field: string, message: string): never => {
  throw new Problem('invalid_request', 'Invalid query parameters', {
    formErrors: [],
    fieldErrors: { [field]: [message] },
  })
}

type Given = [Condition, string | number | undefined]

// A principal that is limited sees its part alone; asked for another part it is refused, not shown an empty list.
const reachGiven = (scope: Scope, wanted: string | undefined): Given[] => {
  const { workspaces, user } = reachOf(scope)
  const mine: Given = ['reader', user ?? undefined]
  if (workspaces === null) return [mine, ['workspace', wanted]]
  if (wanted !== undefined && !workspaces.includes(wanted)) throw new Problem('workspace_access_denied')
  const only = wanted ?? (workspaces.length === 1 ? workspaces[0] : undefined)
  return [mine, only === undefined ? ['workspaces', JSON.stringify(workspaces)] : ['workspace', only]]
}

// As lists show it: what is not known to be anything else is unverified. That takes no value, so its name stands for one.
const trustGiven = (trust: string | undefined): Given[] => {
  if (trust === undefined) return []
  return trust === 'unverified' ? [['untrusted', 1]] : [['trust', trust === 'compromised' ? 'invalid' : trust]]
}

// Runs of ours keep the name that they were given; spans of others keep one made from it where it may not be stored.
const userGiven = (scope: Scope, id: string | undefined): Given[] =>
  id === undefined || userNames(scope, id).user_name === id ? [['user', id]] : [['user_either', id]]

const plainGiven = (scope: Scope, filter: Partial<TraceFilter>): Given[] => [
  ['trace', filter.trace_id?.toLowerCase()],
  ['execution', filter.execution_id],
  ...userGiven(scope, filter.user_id),
  ['role', filter.agent_role],
  ['status', filter.status],
  ['model', filter.model],
  ['provider', filter.provider],
  ['environment', filter.environment],
  ['origin', filter.origin],
  ['adapter', filter.adapter_id],
  ['risk', filter.risk_level],
  ['hash', filter.workspace_hash],
  ['pin', filter.pin_id?.toLowerCase()],
  ['arm', filter.arm],
  ['session', filter.session_key === undefined ? undefined : scope.redaction.text(filter.session_key)],
  ['replay', filter.replay_of?.toLowerCase()],
  ['task', filter.task_id],
  ['document', filter.document_id],
  ['message', filter.message_id],
  ['min_cost', microOf(filter.min_cost)],
  ['max_cost', microOf(filter.max_cost)],
  ['start', stored(filter.start_date)],
  ['end', stored(filter.end_date)],
]

const labelDriver = ({ label_key: key, label_value: value }: Partial<TraceFilter>): Driver | null => {
  if (key === undefined && value !== undefined) return refuse('label_key', 'is required where label_value is given')
  if (key === undefined) return null
  return value === undefined ? 'label' : 'label_value'
}

// Whether a word stands in a text is a part of the text, so a search is open to those who may read it.
const termsOf = (scope: Scope, q: string | undefined): Term[] | null => {
  if (q === undefined || q.trim() === '') return null
  if (!maySee(scope))
    throw new Problem('permission_denied', 'Texts are searched by those who may read them', {
      permission: 'trace:reveal',
    })
  return parseSearch(q)
}

const textParams = (dialect: Dialect, tenantId: string, terms: readonly Term[]): Params =>
  dialect === 'sqlite'
    ? { match: ftsMatch(tenantId, terms) }
    : { match: tsMatch(terms), tenant_word: tenantWord(tenantId) }

const HAS = { label: 'has_label', label_value: 'has_label_value' } as const

// The filter as a set of conditions with their values: what is not asked for is not in the statement.
export const narrow = (scope: Scope, filter: Partial<TraceFilter>): Narrowed => {
  const label = labelDriver(filter)
  const terms = termsOf(scope, filter.q)
  const all = [
    ...reachGiven(scope, filter.workspace_id),
    ...plainGiven(scope, filter),
    ...trustGiven(filter.trust_status),
  ]
  const given = all.filter((entry): entry is [Condition, string | number] => entry[1] !== undefined)
  const conditions: Condition[] = given.map(([name]) => name)
  if (terms !== null && terms.length === 0) conditions.push('nothing')
  const isSearch = terms !== null && terms.length > 0
  if (isSearch && (label === 'label' || label === 'label_value')) conditions.push(HAS[label])
  return {
    shape: { driver: isSearch ? 'text' : (label ?? 'trace'), conditions },
    params: {
      ...Object.fromEntries(given),
      ...(conditions.includes('user_either') ? { user_name: userNames(scope, filter.user_id ?? '').user_name } : {}),
      ...(filter.label_key === undefined ? {} : { label_key: scope.redaction.text(filter.label_key) }),
      ...(filter.label_value === undefined ? {} : { label_value: scope.redaction.text(filter.label_value) }),
      ...(isSearch ? textParams(kernel().db.dialect, scope.tenantId, terms) : {}),
    },
    terms: terms ?? [],
  }
}
