import type { Alignment } from '../contract'

const quoted = (label: string): string => `\`${label}\``
const named = ({ kind, label }: Alignment): string => (kind === 'inference' ? `the call of ${label}` : quoted(label))

const ENDED = { ok: 'succeeded', error: 'failed', denied: 'was refused' } as const

const ended = (status: string | null): string => ENDED[status as keyof typeof ENDED] ?? 'ended otherwise'

const paths = ({ changes }: Alignment): string => {
  const found = changes.map(({ path }) => path).filter((path) => path.startsWith('$.arguments'))
  const [first, second] = found.map((path) => path.replace('$.arguments', '$'))
  if (first === undefined) return ''
  if (found.length > 2) return ` (${quoted(first)} and ${found.length - 1} more)`
  return ` (${[first, second].flatMap((path) => (path === undefined ? [] : [quoted(path)])).join(', ')})`
}

const decided = (item: Alignment): string => {
  const { kind, label, compare_label: other } = item
  if (kind === 'tool') {
    if (other !== null) return `the model chose ${quoted(other)} instead of ${quoted(label)}`
    const isOther = item.changes.some(({ path }) => path === '$.name')
    return isOther
      ? 'the model chose another tool'
      : `the model called ${quoted(label)} with other arguments${paths(item)}`
  }
  if (other !== null) return `${quoted(other)} stands in place of ${quoted(label)}`
  return `${quoted(label)} was asked for something else${paths(item)}`
}

const structured = (item: Alignment): string => {
  if (item.op === 'moved') return `${named(item)} came in another place`
  if (item.op === 'deleted') return `${named(item)} is missing`
  if (item.op === 'inserted') return `${named(item)} was added`
  if (item.compare_label !== null && item.kind !== 'error')
    return `${quoted(item.compare_label)} stands in place of ${quoted(item.label)}`
  if (item.compare_label !== null) return `it ended in ${quoted(item.compare_label)} instead of ${quoted(item.label)}`
  return `${named(item)} ${ended(item.compare_status)}, where it ${ended(item.base_status)} before`
}

const worded = (item: Alignment): string => {
  if (item.changes.some(({ path }) => path === '$.text')) return `${named(item)} gave another answer`
  if (item.changes.some(({ path }) => path.startsWith('$.result'))) return `${named(item)} returned something else`
  return `${named(item)} differs in detail`
}

// What happened where the two part, in words. One place may hold a step that is missing and one that is new.
export const sentenceOf = (items: readonly Alignment[]): string => {
  const [first] = items
  if (!first) return ''
  const missing = items.find(({ op }) => op === 'deleted')
  const added = items.find(({ op }) => op === 'inserted')
  if (missing && added) return `${named(added)} stands in place of ${named(missing)}`
  if (first.class === 'decision') return decided(first)
  return first.class === 'structural' ? structured(first) : worded(first)
}
