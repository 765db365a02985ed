import { describe, expect, it } from 'vitest'
import { byHour, bySource } from './ingest-sums'

const hour = (at: string, source: string, outcome: string, spans: number) => ({
  hour: `2026-01-01T${at}:00:00.000Z`,
  source,
  outcome,
  reason: '',
  spans,
})

const HOURS = [
  hour('10', 'otlp', 'accepted', 5),
  hour('11', 'otlp', 'accepted', 7),
  hour('11', 'otlp', 'rejected', 2),
  hour('11', 'langfuse', 'duplicate', 3),
  hour('11', 'langfuse', 'something new', 9),
]

describe('what came in', () => {
  it('is summed by its source, the busiest first; an outcome that is unknown here counts as none', () => {
    expect(bySource(HOURS)).toEqual([
      { source: 'otlp', accepted: 12, duplicates: 0, rejected: 2, truncated: 0 },
      { source: 'langfuse', accepted: 0, duplicates: 3, rejected: 0, truncated: 0 },
    ])
  })

  it('is shown for each of the last 24 hours, silent ones too', () => {
    const points = byHour(HOURS, Date.parse('2026-01-01T11:59:00.000Z'))
    expect(points).toHaveLength(24)
    expect(points.at(-1)?.values).toEqual({ accepted: 7, duplicates: 3, rejected: 2, truncated: 0 })
    expect(points.at(-2)?.values['accepted']).toBe(5)
    expect(points.at(-3)?.values['accepted']).toBe(0)
  })
})
