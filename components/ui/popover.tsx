'use client'

import { Popover as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

type PopoverProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  trigger: ReactNode
  label: string
  children: ReactNode
}

export const Popover = ({ open, onOpenChange, trigger, label, children }: PopoverProps) => (
  <Radix.Root open={open} onOpenChange={onOpenChange}>
    <Radix.Trigger asChild>{trigger}</Radix.Trigger>
    <Radix.Portal>
      <Radix.Content
        aria-label={label}
        align="start"
        sideOffset={6}
        collisionPadding={8}
        className="z-50 w-72 animate-appear rounded-md border border-line bg-raised p-1 shadow-overlay"
      >
        {children}
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
)
