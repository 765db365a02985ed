'use client'

import { parseAsString, useQueryState } from 'nuqs'

export type Peek = { id: string | null; open: (id: string) => void; move: (id: string) => void; close: () => void }

export const usePeek = (): Peek => {
  const [id, write] = useQueryState('peek', parseAsString)
  return {
    id,
    open: (next) => void write(next, { history: 'push' }),
    move: (next) => void write(next, { history: 'replace' }),
    close: () => void write(null, { history: 'push' }),
  }
}
