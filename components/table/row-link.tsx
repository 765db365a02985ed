'use client'

import { useSearchParams } from 'next/navigation'
import type { MouseEvent, ReactNode } from 'react'
import type { Peek } from './use-peek'

type RowLinkProps = { id: string; peek: Peek; children: ReactNode }

const hasModifier = (event: MouseEvent): boolean => event.metaKey || event.ctrlKey || event.shiftKey || event.altKey

export const RowLink = ({ id, peek, children }: RowLinkProps) => {
  const search = new URLSearchParams(useSearchParams())
  search.set('peek', id)
  return (
    <a
      href={`?${search}`}
      data-row-link
      aria-current={peek.id === id || undefined}
      onClick={(event) => {
        if (hasModifier(event)) return
        event.preventDefault()
        peek.open(id)
      }}
      className="-mx-1.5 flex h-9 min-w-0 items-center px-1.5 font-medium text-ink focus-visible:-outline-offset-2"
    >
      {children}
    </a>
  )
}
