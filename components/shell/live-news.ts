'use client'

import { useEffect, useRef } from 'react'
import type { LiveEvent } from '@/lib/jobs/contract'

const NEWS = 'clasper:news'

export const tellNews = (news: LiveEvent): void => void dispatchEvent(new CustomEvent(NEWS, { detail: news }))

// What the stream of the console brings, for the page that wants to hear of it.
export const useNews = (hear: (news: LiveEvent) => void): void => {
  const latest = useRef(hear)
  useEffect(() => {
    latest.current = hear
  }, [hear])
  useEffect(() => {
    const onNews = (event: Event) => {
      if (event instanceof CustomEvent) latest.current(event.detail)
    }
    addEventListener(NEWS, onNews)
    return () => removeEventListener(NEWS, onNews)
  }, [])
}
