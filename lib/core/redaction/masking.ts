import { type FindingType, MASK_OF, type Span, type SpanType } from './input'

// Of two that begin and end alike, the one that says more.
const isVague = ({ type }: Span): number =>
  type.startsWith('own:') ? -1 : type === 'bearer' || type === 'url_password' ? 1 : 0

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

// What to write where something was found.
export type Render = (type: SpanType, found: string) => string

export const maskOf: Render = (type) => MASK_OF[type as FindingType] ?? '[REDACTED]'

export const masked = (text: string, spans: readonly Span[], render: Render = maskOf): string => {
  if (spans.length === 0) return text
  let out = ''
  let at = 0
  for (const { type, from, to } of merged(spans)) {
    out += text.slice(at, from) + render(type, text.slice(from, to))
    at = to
  }
  return out + text.slice(at)
}

export const counted = (spans: readonly Span[]): Partial<Record<SpanType, number>> => {
  const counts: Partial<Record<SpanType, number>> = {}
  for (const { type } of merged(spans)) counts[type] = (counts[type] ?? 0) + 1
  return counts
}
