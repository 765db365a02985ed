'use client'

import { ListFilter, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Popover } from '@/components/ui/popover'
import { type FilterField, type FilterPatch, isActive, patchOf, showValue, valuesOf } from './filter-field'
import { FilterForm } from './filter-form'
import type { Filters } from './use-filters'

type FilterBarProps = { filters: Filters; fields: readonly FilterField[]; lead?: ReactNode; children?: ReactNode }

const NONE = { first: '', second: '' }

export const FilterBar = ({ filters, fields, lead, children }: FilterBarProps) => {
  const active = fields.filter((field) => isActive(field, filters.wire))
  return (
    <search className="flex flex-wrap items-center gap-2 px-4 py-2" aria-label="Filters">
      {lead}
      <AddFilter filters={filters} fields={fields} />
      {active.map((field) => (
        <Chip key={field.name} field={field} filters={filters} />
      ))}
      {active.length > 1 ? (
        <Button look="quiet" size="small" onClick={filters.clear}>
          Clear all
        </Button>
      ) : null}
      {filters.refused.map((fault) => (
        <p key={fault.name} role="status" className="text-meta text-warn">
          Filter “{fault.name}” {fault.message} and was left out.
        </p>
      ))}
      <div className="ml-auto flex flex-wrap items-center gap-2">{children}</div>
    </search>
  )
}

const AddFilter = ({ filters, fields }: FilterBarProps) => {
  const [open, setOpen] = useState(false)
  const [chosen, setChosen] = useState<FilterField | null>(null)
  const toggle = (next: boolean) => {
    setOpen(next)
    setChosen(null)
  }
  const apply = (patch: FilterPatch) => {
    filters.change(patch)
    toggle(false)
  }
  const trigger = (
    <Button size="small">
      <ListFilter aria-hidden className="size-3.5" /> Filter
    </Button>
  )
  return (
    <Popover open={open} onOpenChange={toggle} trigger={trigger} label="Add a filter">
      {chosen ? (
        <FilterForm field={chosen} values={NONE} onApply={apply} />
      ) : (
        <ul className="max-h-[60vh] overflow-y-auto">
          {fields.map((field) => (
            <li key={field.name}>
              <Button look="quiet" className="w-full justify-start px-2 font-normal" onClick={() => setChosen(field)}>
                {field.label}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Popover>
  )
}

const Chip = ({ field, filters }: { field: FilterField; filters: Filters }) => {
  const [open, setOpen] = useState(false)
  const values = valuesOf(field, filters.wire)
  const apply = (next: FilterPatch) => {
    filters.change(next)
    setOpen(false)
  }
  const trigger = (
    <button type="button" className="h-7 min-w-0 truncate rounded-l-md pr-1 pl-2 hover:text-accent-hover">
      <span className="text-ink-muted">{field.label} </span>
      <span className="font-medium">{showValue(field, values)}</span>
    </button>
  )
  return (
    <span className="inline-flex h-7 max-w-full items-center rounded-md border border-accent-line bg-accent-soft text-ink text-meta">
      <Popover open={open} onOpenChange={setOpen} trigger={trigger} label={`Change ${field.label}`}>
        <FilterForm field={field} values={values} onApply={apply} />
      </Popover>
      <button
        type="button"
        aria-label={`Remove filter ${field.label}`}
        onClick={() => filters.change(patchOf(field, NONE))}
        className="grid size-7 place-items-center rounded-r-md text-ink-muted hover:text-ink"
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </span>
  )
}
