'use client'

import type { Filters } from '@/components/table/use-filters'
import { Button } from '@/components/ui/button'
import { useNow } from '@/components/ui/use-now'
import { daysBefore, USUAL_DAYS } from './stats-window'

const CHOICES = [
  { days: 1, label: '24 hours' },
  { days: 7, label: '7 days' },
  { days: 30, label: '30 days' },
  { days: 90, label: '90 days' },
]

export const WindowChoice = ({ filters }: { filters: Filters }) => {
  const now = useNow()
  const { start_date: start, end_date: end } = filters.wire
  const isChosen = (days: number) =>
    end === undefined && (start === undefined ? days === USUAL_DAYS : start === daysBefore(now, days))
  const choose = (days: number) =>
    filters.change({ start_date: days === USUAL_DAYS ? null : daysBefore(now, days), end_date: null })
  return (
    <fieldset className="flex rounded-md border border-line">
      <legend className="sr-only">Time</legend>
      {CHOICES.map(({ days, label }) => (
        <Button
          key={days}
          look="quiet"
          size="small"
          aria-pressed={isChosen(days)}
          onClick={() => choose(days)}
          suppressHydrationWarning
          className="rounded-[5px] aria-pressed:bg-accent-soft aria-pressed:text-accent"
        >
          {label}
        </Button>
      ))}
    </fieldset>
  )
}
