'use client'

import { createContext, type ReactNode, useContext } from 'react'
import { type LiveState, useLiveStream } from './use-live'

type Live = { state: LiveState; toggle: () => void }

const Context = createContext<Live | null>(null)

export const LiveProvider = ({ children }: { children: ReactNode }) => (
  <Context.Provider value={useLiveStream()}>{children}</Context.Provider>
)

export const useLive = (): Live => {
  const live = useContext(Context)
  if (!live) throw new Error('useLive stands outside the console')
  return live
}
