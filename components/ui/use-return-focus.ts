'use client'

import { useRef } from 'react'

// An overlay that a key or a menu opened has no trigger to go back to, so it remembers who held the focus.
export const useReturnFocus = () => {
  const before = useRef<HTMLElement | null>(null)
  return {
    onOpenAutoFocus: () => {
      before.current = document.activeElement instanceof HTMLElement ? document.activeElement : null
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault()
      const back = before.current?.isConnected ? before.current : document.getElementById('main')
      back?.focus()
    },
  }
}
