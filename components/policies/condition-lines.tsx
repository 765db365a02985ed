'use client'

import { Plus, X } from 'lucide-react'
import { useId, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { type Line, OPERATOR_NAMES, OPERATOR_WORDS, takesList } from './condition-text'
import type { Faults } from './policy-draft'

const KNOWN = [
  ...['agent_role', 'user_id', 'environment', 'workspace_id', 'risk_level', 'min_cost', 'max_cost', 'estimated_cost'],
  ...['tool_group', 'capability', 'skill', 'skill_state', 'adapter_id', 'adapter_risk_class', 'model', 'intent'],
  ...['arguments.', 'context.', 'provenance.'],
]

const OPTIONS = OPERATOR_NAMES.map((value) => ({ value, label: OPERATOR_WORDS[value] }))

type LinesProps = { lines: readonly Line[]; change: (lines: readonly Line[]) => void; faults: Faults }

export const ConditionLines = ({ lines, change, faults }: LinesProps) => {
  const made = useRef(0)
  const fields = useId()
  const add = () => {
    made.current += 1
    change([...lines, { key: `new ${made.current}`, field: '', operator: 'eq', value: '' }])
  }
  const put = (line: Line) => change(lines.map((one) => (one.key === line.key ? line : one)))
  return (
    <div className="grid gap-2">
      {lines.map((line, at) => (
        <ConditionLine
          key={line.key}
          line={line}
          at={at + 1}
          list={fields}
          put={put}
          drop={() => change(lines.filter((one) => one.key !== line.key))}
          fault={faults[`conditions.${line.field.trim()}`]}
        />
      ))}
      {lines.length === 0 ? <p className="text-ink-muted text-table">Always, for what it speaks of.</p> : null}
      <datalist id={fields}>
        {KNOWN.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Button size="small" className="w-fit" onClick={add}>
        <Plus aria-hidden className="size-3.5" /> Condition
      </Button>
    </div>
  )
}

type LineProps = {
  line: Line
  at: number
  list: string
  put: (line: Line) => void
  drop: () => void
  fault: string | undefined
}

const PRESENCE = [
  { value: 'true', label: 'yes' },
  { value: 'false', label: 'no' },
]

const ConditionLine = ({ line, at, list, put, drop, fault }: LineProps) => (
  <div className="grid gap-1">
    <div className="flex flex-wrap gap-2 sheet:flex-nowrap">
      <Input
        aria-label={`Field of condition ${at}`}
        list={list}
        placeholder="arguments.amount_usd"
        className="min-w-0 sheet:basis-2/5"
        value={line.field}
        onChange={(event) => put({ ...line, field: event.target.value })}
      />
      <Select
        aria-label={`Operator of condition ${at}`}
        className="shrink-0"
        options={OPTIONS}
        value={line.operator}
        onChange={(event) =>
          put({ ...line, operator: OPERATOR_NAMES.find((name) => name === event.target.value) ?? 'eq' })
        }
      />
      {line.operator === 'exists' ? (
        <Select
          aria-label={`Value of condition ${at}`}
          className="grow"
          options={PRESENCE}
          value={line.value === 'false' ? 'false' : 'true'}
          onChange={(event) => put({ ...line, value: event.target.value })}
        />
      ) : (
        <Input
          aria-label={`Value of condition ${at}`}
          placeholder={takesList(line.operator) ? 'one, two, "three, four"' : 'value'}
          className="min-w-0 flex-1"
          value={line.value}
          onChange={(event) => put({ ...line, value: event.target.value })}
        />
      )}
      <Button look="quiet" size="icon" aria-label={`Remove condition ${at}`} onClick={drop}>
        <X aria-hidden className="size-4" />
      </Button>
    </div>
    {fault ? <p className="text-bad text-meta">{fault}</p> : null}
  </div>
)
