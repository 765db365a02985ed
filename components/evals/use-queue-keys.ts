'use client'

import { useEffect } from 'react'
import { isBareKey } from '@/components/ui/keys'

type Keys = { next: () => void; before: () => void }

/** The letters of the queue: whoever works through it takes no hand off the keyboard. */
export const useQueueKeys = ({ next, before }: Keys): void => {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isBareKey(event)) return
      if (event.key === 'j') next()
      if (event.key === 'k') before()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [next, before])
}

type DeskKeys = Readonly<Record<string, () => void>>

export const useDeskKeys = (keys: DeskKeys): void => {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const act = isBareKey(event) ? keys[event.key] : undefined
      if (!act) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [keys])
}
