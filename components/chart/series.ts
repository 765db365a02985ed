// A line without dots is smooth: it is computed, and its points mean nothing by themselves.
export type Series = {
  id: string
  name: string
  color: string
  kind: 'bar' | 'line' | 'area'
  dash?: string
  isSmooth?: true
}

// A value that is not there is a gap, not a zero.
export type SeriesPoint = { key: string; label: string; title: string; values: Readonly<Record<string, number | null>> }

export type Format = (value: number) => string

// A line across the chart: a limit, a threshold.
export type Mark = { id: string; value: number; text: string; color: string }
