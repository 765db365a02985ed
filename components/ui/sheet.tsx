'use client'

import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { cn } from './cn'
import { useReturnFocus } from './use-return-focus'

type SheetProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  side: 'left' | 'right'
  children: ReactNode
}

const SIDES = {
  left: 'left-0 w-[min(280px,85vw)] border-r',
  right: 'right-0 w-full max-w-[520px] border-l animate-slide',
} as const

export const Sheet = ({ open, onOpenChange, ...content }: SheetProps) => (
  <Radix.Root open={open} onOpenChange={onOpenChange}>
    <Radix.Portal>
      <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-veil" />
      <SheetContent {...content} />
    </Radix.Portal>
  </Radix.Root>
)

const SheetContent = ({ title, side, children }: Pick<SheetProps, 'title' | 'side' | 'children'>) => (
  <Radix.Content
    {...useReturnFocus()}
    aria-describedby={undefined}
    className={cn(
      'fixed inset-y-0 z-50 flex flex-col overflow-y-auto border-line bg-raised shadow-overlay focus:outline-none',
      SIDES[side],
    )}
  >
    <Radix.Title className="sr-only">{title}</Radix.Title>
    {children}
  </Radix.Content>
)
