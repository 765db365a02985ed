'use client'

import { createContext, type ReactNode, useContext } from 'react'
import type { Me } from '@/lib/auth/contract'
import type { Permission } from '@/lib/shared/rbac'

export type Viewer = { me: Me; profile: string; version: string }

const Context = createContext<Viewer | null>(null)

export const ViewerProvider = ({ viewer, children }: { viewer: Viewer; children: ReactNode }) => (
  <Context.Provider value={viewer}>{children}</Context.Provider>
)

export const useViewer = (): Viewer => {
  const viewer = useContext(Context)
  if (!viewer) throw new Error('useViewer stands outside the console')
  return viewer
}

// Whoever holds it by a break-glass window alone gives a reason for each trace instead of just reading.
export const useMaySeeTexts = (): boolean => {
  const { me } = useViewer()
  return me.permissions.includes('trace:reveal') && me.break_glass?.permissions.includes('trace:reveal') !== true
}

export const useMay = (permission: Permission): boolean => useViewer().me.permissions.includes(permission)
