import type { Fault } from './raw-span'

// Clients may cap what they read of a reply, so an explanation stays short.
const MOST_MESSAGE = 2_048

type Group = { text: string; reason: string; first: string; spans: number }

const grouped = (faults: readonly Fault[]): Group[] => {
  const groups = new Map<string, Group>()
  for (const { reason, text, at, spans } of faults) {
    const group = groups.get(text)
    if (group) group.spans += spans
    else groups.set(text, { text, reason, first: at, spans })
  }
  return [...groups.values()].sort((a, b) => b.spans - a.spans)
}

export const countOf = (faults: readonly Fault[]): number => faults.reduce((sum, { spans }) => sum + spans, 0)

const sentence = ({ spans, text, first }: Group): string => `${spans}× ${text}, first at ${first}`

// One sentence for each kind of fault, with its first place.
export const explain = (faults: readonly Fault[], total: number, what = 'spans'): string => {
  const parts = grouped(faults).map(sentence).join('; ')
  return `${countOf(faults)} of ${total} ${what} rejected: ${parts}`.slice(0, MOST_MESSAGE)
}

// The same for the books, one row for each kind.
export const faultRows = (faults: readonly Fault[]): { reason: string; message: string; spans: number }[] =>
  grouped(faults).map((group) => ({ reason: group.reason, message: sentence(group), spans: group.spans }))
