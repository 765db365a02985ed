'use client'

import { type RefObject, useCallback, useEffect, useState } from 'react'

export const SPAN_ROW_PX = 32
const AHEAD = 20
const STEP = 10

type RowWindow = { first: number; last: number }

const windowOf = (box: HTMLElement, count: number): RowWindow => {
  const top = Math.floor(box.scrollTop / SPAN_ROW_PX / STEP) * STEP
  const fit = Math.ceil(box.clientHeight / SPAN_ROW_PX)
  return { first: Math.max(0, Math.min(top - AHEAD, count)), last: Math.min(count, top + fit + STEP + AHEAD) }
}

// Only rows near what is in sight are in the page, however many there are.
export const useScrollWindow = (box: RefObject<HTMLElement | null>, count: number) => {
  const [span, setSpan] = useState<RowWindow>({ first: 0, last: AHEAD * 2 })
  const look = useCallback(() => {
    if (!box.current) return
    const next = windowOf(box.current, count)
    setSpan((before) => (before.first === next.first && before.last === next.last ? before : next))
  }, [box, count])
  useEffect(() => {
    const element = box.current
    if (!element) return
    look()
    const sizes = new ResizeObserver(look)
    sizes.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      sizes.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [box, look])
  const reveal = useCallback(
    (row: number) => {
      const element = box.current
      if (!element) return
      const top = row * SPAN_ROW_PX
      const above = element.scrollTop - top
      const under = top + SPAN_ROW_PX - element.clientHeight - element.scrollTop
      const middle = top - element.clientHeight / 2
      // A row close by comes just into sight; one that is far away comes to the middle, among its neighbours.
      if (Math.max(above, under) > element.clientHeight) element.scrollTop = middle
      else if (above > 0) element.scrollTop = top
      else if (under > 0) element.scrollTop += under
      look()
    },
    [box, look],
  )
  return { first: Math.min(span.first, count), last: Math.min(span.last, count), reveal }
}
