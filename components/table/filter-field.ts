import { formatUtc } from '@/components/ui/format'

export type FilterField = {
  name: string
  label: string
  // A pair and a range fill two names of the query; the second one is `second`.
  kind: 'text' | 'choice' | 'instant' | 'pair' | 'range'
  second?: string
  parts?: readonly [string, string]
  options?: readonly { value: string; label: string; short?: string }[]
  placeholder?: string
  hint?: string
  show?: (first: string, second: string) => string
}

export type FilterValues = { first: string; second: string }
export type FilterPatch = Record<string, string | null>

type Wire = Readonly<Record<string, string | string[]>>

export const valuesOf = (field: FilterField, wire: Wire): FilterValues => ({
  first: String(wire[field.name] ?? ''),
  second: field.second ? String(wire[field.second] ?? '') : '',
})

export const isActive = (field: FilterField, wire: Wire): boolean => {
  const { first, second } = valuesOf(field, wire)
  return first !== '' || second !== ''
}

export const patchOf = (field: FilterField, { first, second }: FilterValues): FilterPatch => ({
  [field.name]: first === '' ? null : first,
  ...(field.second ? { [field.second]: second === '' ? null : second } : {}),
})

const shortUtc = (iso: string): string => formatUtc(iso).replace(/:\d\d UTC$/, ' UTC')

const showRange = (first: string, second: string): string => {
  if (first === '') return `until ${shortUtc(second)}`
  return second === '' ? `since ${shortUtc(first)}` : `${shortUtc(first).replace(' UTC', '')} to ${shortUtc(second)}`
}

export const showValue = (field: FilterField, { first, second }: FilterValues): string => {
  if (field.show) return field.show(first, second)
  if (field.kind === 'instant') return formatUtc(first)
  if (field.kind === 'range') return showRange(first, second)
  if (field.kind === 'pair') return [first, second].filter((part) => part !== '').join(' ')
  const chosen = field.options?.find((option) => option.value === first)
  return chosen?.short ?? chosen?.label ?? first
}

export const toInstant = (local: string): string => `${local.slice(0, 16)}:00.000Z`

export const fromInstant = (iso: string): string => iso.slice(0, 16)
