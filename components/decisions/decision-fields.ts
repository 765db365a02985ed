import type { FilterField } from '@/components/table/filter-field'
import type { Tab } from './approvals-query'
import { ORIGINS, STATES } from './decision-words'

const optionsOf = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, label]) => ({ value, label }))

const STATUS: FilterField = { name: 'status', label: 'Status', kind: 'choice', options: optionsOf(STATES) }

const EFFECT: FilterField = {
  name: 'decision',
  label: 'Policies said',
  kind: 'choice',
  options: optionsOf({ allow: 'Allow', deny: 'Deny', require_approval: 'Ask a person' }),
}

const REST: readonly FilterField[] = [
  { name: 'tool', label: 'Tool', kind: 'text', hint: 'Its exact name' },
  { name: 'policy_id', label: 'Policy', kind: 'text', hint: 'Decisions that this policy spoke in' },
  { name: 'adapter_id', label: 'External agent', kind: 'text', hint: 'Its exact id' },
  { name: 'workspace_id', label: 'Workspace', kind: 'text' },
  { name: 'environment', label: 'Environment', kind: 'text' },
  { name: 'origin', label: 'Asked for', kind: 'choice', options: optionsOf(ORIGINS) },
  { name: 'trace_id', label: 'Trace id', kind: 'text' },
]

const FIELDS: Record<Tab, readonly FilterField[]> = {
  waiting: REST,
  decided: [STATUS, ...REST],
  all: [STATUS, EFFECT, ...REST],
}

export const fieldsFor = (tab: Tab): readonly FilterField[] => FIELDS[tab]
