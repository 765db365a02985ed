'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { isBareKey } from '@/components/ui/keys'
import { placesFor } from './places'

const CHORD_MS = 1_200

type Shortcuts = { permissions: readonly string[]; onPalette: () => void; onHelp: () => void }

export const useShortcuts = ({ permissions, onPalette, onHelp }: Shortcuts): void => {
  const router = useRouter()
  const chordUntil = useRef(0)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.metaKey || event.ctrlKey)) {
        event.preventDefault()
        return onPalette()
      }
      if (!isBareKey(event)) return
      const inChord = event.timeStamp < chordUntil.current
      chordUntil.current = event.key === 'g' && !inChord ? event.timeStamp + CHORD_MS : 0
      if (event.key === '?') return onHelp()
      const place = inChord ? placesFor(permissions).find((candidate) => candidate.letter === event.key) : undefined
      if (!place) return
      event.preventDefault()
      // The table listens on the same window and must not take the letter for a move.
      event.stopImmediatePropagation()
      router.push(place.href)
    }
    addEventListener('keydown', onKey, { capture: true })
    return () => removeEventListener('keydown', onKey, { capture: true })
  }, [permissions, onPalette, onHelp, router])
}
