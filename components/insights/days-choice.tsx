'use client'

import type { Filters } from '@/components/table/use-filters'
import { Button } from '@/components/ui/button'

const USUAL = '30'
const CHOICES = ['7', USUAL, '90']

export const DaysChoice = ({ filters }: { filters: Filters }) => {
  const chosen = filters.wire['days'] ?? USUAL
  return (
    <fieldset className="flex rounded-md border border-line">
      <legend className="sr-only">Time</legend>
      {CHOICES.map((days) => (
        <Button
          key={days}
          look="quiet"
          size="small"
          aria-pressed={chosen === days}
          onClick={() => filters.change({ days: days === USUAL ? null : days })}
          className="rounded-[5px] aria-pressed:bg-accent-soft aria-pressed:text-accent"
        >
          {days} days
        </Button>
      ))}
    </fieldset>
  )
}
