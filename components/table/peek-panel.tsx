'use client'

import { X } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { Sheet } from '@/components/ui/sheet'
import { useMedia } from '@/components/ui/use-media'
import type { Peek } from './use-peek'

type PeekPanelProps = { peek: Peek; title: string; children: ReactNode }

const returnFocus = (id: string) =>
  document.querySelector<HTMLElement>(`tr[data-row="${CSS.escape(id)}"] [data-row-link]`)?.focus()

const PanelHead = ({ title, onClose }: { title: string; onClose: () => void }) => (
  <header className="sticky top-0 z-10 flex min-h-11 items-center justify-between gap-2 border-line border-b bg-inherit px-4">
    <h2 className="truncate font-semibold text-prose">{title}</h2>
    <Button look="quiet" size="icon-small" aria-label="Close panel" onClick={onClose} className="-mr-1.5">
      <X aria-hidden className="size-4" />
    </Button>
  </header>
)

export const PeekPanel = ({ peek, title, children }: PeekPanelProps) => {
  const wide = useMedia('(min-width: 1100px)')
  const lastId = useRef<string | null>(null)
  useEffect(() => {
    if (lastId.current && !peek.id) returnFocus(lastId.current)
    lastId.current = peek.id
  }, [peek.id])
  if (!peek.id) return null
  const body = <div className="grid gap-5 p-4">{children}</div>
  if (!wide)
    return (
      <Sheet open onOpenChange={(open) => !open && peek.close()} title={title} side="right">
        <PanelHead title={title} onClose={peek.close} />
        {body}
      </Sheet>
    )
  return (
    <aside
      aria-label={title}
      className="sticky top-[60px] max-h-[calc(100vh-72px)] w-[460px] shrink-0 animate-slide overflow-y-auto rounded-md border border-line bg-surface"
    >
      <PanelHead title={title} onClose={peek.close} />
      {body}
    </aside>
  )
}
