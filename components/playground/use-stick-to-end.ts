'use client'

import { type RefObject, useEffect, useRef, useState } from 'react'

const NEAR_PX = 40

const isAtEnd = (box: HTMLElement): boolean => box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX

export type StickToEnd = {
  box: RefObject<HTMLElement | null>
  content: RefObject<HTMLOListElement | null>
  isAway: boolean
  toEnd: () => void
}

// Follows what grows at the end for as long as the reader is there; whoever scrolls up is left alone.
export const useStickToEnd = (): StickToEnd => {
  const box = useRef<HTMLElement>(null)
  const content = useRef<HTMLOListElement>(null)
  const follows = useRef(true)
  const [isAway, setAway] = useState(false)
  const toEnd = () => {
    follows.current = true
    setAway(false)
    if (box.current) box.current.scrollTop = box.current.scrollHeight
  }
  useEffect(() => {
    const [outer, inner] = [box.current, content.current]
    if (!outer || !inner) return
    const onScroll = () => {
      follows.current = isAtEnd(outer)
      setAway(!follows.current)
    }
    const growth = new ResizeObserver(() => {
      if (follows.current) outer.scrollTop = outer.scrollHeight
    })
    outer.addEventListener('scroll', onScroll, { passive: true })
    growth.observe(inner)
    return () => {
      outer.removeEventListener('scroll', onScroll)
      growth.disconnect()
    }
  }, [])
  return { box, content, isAway, toEnd }
}
