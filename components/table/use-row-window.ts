'use client'

import { type RefObject, useEffect, useState } from 'react'

export const ROW_PX = 36
const AHEAD = 24
const STEP = 8
// Fewer rows than this are simply all there: find-in-page and printing see them.
const MOST_WHOLE = 100

type RowWindow = { first: number; last: number; isCut: boolean }

const floorTo = (value: number): number => Math.floor(value / STEP) * STEP

const inSight = (table: HTMLTableElement, count: number): { first: number; last: number } => {
  const top = table.tBodies[0]?.getBoundingClientRect().top ?? 0
  const first = Math.max(0, floorTo(-top / ROW_PX) - AHEAD)
  return { first, last: Math.min(count, floorTo((innerHeight - top) / ROW_PX) + AHEAD + STEP) }
}

// Only rows near the window are in the page; the page itself scrolls, so the head stays sticky.
export const useRowWindow = (table: RefObject<HTMLTableElement | null>, count: number): RowWindow => {
  const isCut = count > MOST_WHOLE
  const [{ first, last }, setSpan] = useState({ first: 0, last: MOST_WHOLE })
  useEffect(() => {
    if (!isCut) return
    const look = () => {
      if (!table.current) return
      const next = inSight(table.current, count)
      setSpan((before) => (before.first === next.first && before.last === next.last ? before : next))
    }
    look()
    addEventListener('scroll', look, { passive: true })
    addEventListener('resize', look)
    return () => {
      removeEventListener('scroll', look)
      removeEventListener('resize', look)
    }
  }, [table, count, isCut])
  return isCut ? { first, last: Math.min(Math.max(last, first), count), isCut } : { first: 0, last: count, isCut }
}
