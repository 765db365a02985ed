import { formatUtc } from '@/components/ui/format'

export type FilterField = {
  name: string
  label: string
  kind: 'text' | 'choice' | 'instant'
  options?: readonly { value: string; label: string; short?: string }[]
  placeholder?: string
  hint?: string
}

export const showValue = (field: FilterField, value: string): string => {
  if (field.kind === 'instant') return formatUtc(value)
  const chosen = field.options?.find((option) => option.value === value)
  return chosen?.short ?? chosen?.label ?? value
}

export const toInstant = (local: string): string => `${local.slice(0, 16)}:00.000Z`

export const fromInstant = (iso: string): string => iso.slice(0, 16)
