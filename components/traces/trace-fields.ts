'use client'

import type { FilterField } from '@/components/table/filter-field'
import { formatCount } from '@/components/ui/format'
import type { StatsGroup } from '@/lib/tracing/contract'
import { ARMS, RISK_LEVELS, TRACE_STATES } from '@/lib/tracing/contract'
import { originWords, statusWords } from './trace-words'
import { useTraceChoices } from './use-traces'

const STARTED: FilterField = {
  name: 'start_date',
  second: 'end_date',
  label: 'Started',
  kind: 'range',
}

const STATUS: FilterField = {
  name: 'status',
  label: 'Status',
  kind: 'choice',
  options: TRACE_STATES.map((value) => ({ value, label: statusWords(value) })),
}

const showCost = (least: string, most: string): string =>
  [least === '' ? '' : `from $${least}`, most === '' ? '' : `to $${most}`].filter((part) => part !== '').join(' ')

const REST: readonly FilterField[] = [
  { name: 'user_id', label: 'User', kind: 'text', hint: 'The exact id that the caller named' },
  { name: 'session_key', label: 'Session', kind: 'text', hint: 'The exact session key' },
  {
    name: 'label_key',
    second: 'label_value',
    label: 'Label',
    kind: 'pair',
    parts: ['Key', 'Value'],
    hint: 'Left empty, any value counts',
    show: (key, value) => (value === '' ? key : `${key} = ${value}`),
  },
  {
    name: 'min_cost',
    second: 'max_cost',
    label: 'Cost',
    kind: 'pair',
    parts: ['At least, in USD', 'At most, in USD'],
    show: showCost,
  },
  {
    name: 'risk_level',
    label: 'Risk',
    kind: 'choice',
    options: RISK_LEVELS.map((value) => ({ value, label: `${value[0]?.toUpperCase()}${value.slice(1)}` })),
  },
  { name: 'task_id', label: 'Task', kind: 'text', hint: 'Runs that worked on this task' },
  { name: 'document_id', label: 'Document', kind: 'text', hint: 'Runs that wrote this document' },
  { name: 'message_id', label: 'Message', kind: 'text', hint: 'Runs that posted this message' },
  { name: 'workspace_hash', label: 'Workspace version', kind: 'text', hint: 'The hash of the version that ran' },
  { name: 'pin_id', label: 'Pin', kind: 'text', hint: 'The pin of an environment that chose the version' },
  {
    name: 'arm',
    label: 'Canary arm',
    kind: 'choice',
    options: ARMS.map((value) => ({ value, label: `${value[0]?.toUpperCase()}${value.slice(1)}` })),
  },
  { name: 'replay_of', label: 'Replays of', kind: 'text', hint: 'The id of the trace that was run again' },
  { name: 'trace_id', label: 'Trace id', kind: 'text' },
]

const choice = (
  name: string,
  label: string,
  groups: readonly StatsGroup[] | undefined,
  words: (value: string) => string = (value) => value,
): FilterField => {
  const options = (groups ?? [])
    .filter((group) => group.name !== '')
    .map((group) => ({
      value: group.name,
      label: `${words(group.name)} (${formatCount(group.traces)})`,
      short: words(group.name),
    }))
  return options.length > 0 ? { name, label, kind: 'choice', options } : { name, label, kind: 'text' }
}

export const useTraceFields = (): FilterField[] => {
  const { data } = useTraceChoices()
  return [
    STARTED,
    STATUS,
    choice('agent_role', 'Role', data?.by_role),
    choice('model', 'Model', data?.by_model),
    choice('workspace_id', 'Workspace', data?.by_workspace),
    choice('environment', 'Environment', data?.by_environment),
    choice('origin', 'Origin', data?.by_origin, originWords),
    ...REST,
  ]
}
