import type { Slot, SpanRecord } from './span-record'

// Every place of a span where the name of a body may stand.
export const slotsOf = ({ facts, content }: Pick<SpanRecord, 'facts' | 'content'>): Slot[] =>
  [
    ...[content.system, content.raw_input, content.raw_output, content.tools, content.arguments, content.result],
    ...(content.input ?? []),
    ...(content.output ?? []),
    ...(facts.mapped_by ?? []),
    ...[facts.scope, facts.resource, facts.events, facts.links],
    ...Object.values(facts.long_attributes ?? {}),
  ].filter((slot) => slot !== undefined)

export const hashesOf = (span: Pick<SpanRecord, 'facts' | 'content'>): string[] =>
  slotsOf(span).filter((slot) => typeof slot === 'string')
