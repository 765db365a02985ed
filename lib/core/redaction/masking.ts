import { type FindingType, MASK_OF, type Span } from './input'

const isVague = ({ type }: Span): number => (type === 'bearer' || type === 'url_password' ? 1 : 0)

export const inOrder = (a: Span, b: Span): number => a.from - b.from || b.to - a.to || isVague(a) - isVague(b)

// Spans of all kinds lie on the original text; what overlaps becomes one, named after what begins first.
export const merged = (spans: readonly Span[]): Span[] => {
  const sorted = [...spans].sort(inOrder)
  const all: Span[] = []
  for (const span of sorted) {
    const last = all.at(-1)
    if (last && span.from < last.to) last.to = Math.max(last.to, span.to)
    else all.push({ ...span })
  }
  return all
}

export const masked = (text: string, spans: readonly Span[]): string => {
  if (spans.length === 0) return text
  let out = ''
  let at = 0
  for (const { type, from, to } of merged(spans)) {
    out += text.slice(at, from) + MASK_OF[type]
    at = to
  }
  return out + text.slice(at)
}

export const counted = (spans: readonly Span[]): Partial<Record<FindingType, number>> => {
  const counts: Partial<Record<FindingType, number>> = {}
  for (const { type } of merged(spans)) counts[type] = (counts[type] ?? 0) + 1
  return counts
}
