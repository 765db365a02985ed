'use client'

import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { Button } from './button'
import { cn } from './cn'
import { useReturnFocus } from './use-return-focus'

type DialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  description?: ReactNode
  children: ReactNode
  className?: string
  locked?: boolean
  // Nothing but text inside: what does not fit is reached by the arrow keys.
  isText?: boolean
}

const refuse = (event: Event) => event.preventDefault()

export const Dialog = ({ open, onOpenChange, ...content }: DialogProps) => (
  <Radix.Root open={open} onOpenChange={onOpenChange}>
    <Radix.Portal>
      <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-veil" />
      <DialogContent {...content} />
    </Radix.Portal>
  </Radix.Root>
)

type ContentProps = Omit<DialogProps, 'open' | 'onOpenChange'>

const DialogContent = ({ title, description, children, className, locked, isText }: ContentProps) => {
  const focus = useReturnFocus()
  return (
    <Radix.Content
      {...focus}
      {...(locked ? { onInteractOutside: refuse, onEscapeKeyDown: refuse } : {})}
      {...(description ? {} : { 'aria-describedby': undefined })}
      className={cn(
        'fixed top-[8vh] left-1/2 z-50 flex max-h-[84vh] w-[min(520px,calc(100vw-24px))] -translate-x-1/2 animate-appear flex-col',
        'rounded-md border border-line bg-raised shadow-overlay focus:outline-none',
        className,
      )}
    >
      <header className="flex items-start justify-between gap-4 border-line border-b px-5 py-3.5">
        <div className="grid gap-0.5">
          <Radix.Title className="font-semibold text-ink text-title">{title}</Radix.Title>
          {description ? (
            <Radix.Description className="text-ink-muted text-table">{description}</Radix.Description>
          ) : null}
        </div>
        {locked ? null : <CloseButton />}
      </header>
      <div
        {...(isText ? { tabIndex: 0, role: 'region', 'aria-label': title } : {})}
        className="min-h-0 overflow-y-auto p-5"
      >
        {children}
      </div>
    </Radix.Content>
  )
}

const CloseButton = () => (
  <Radix.Close asChild>
    <Button look="quiet" size="icon-small" aria-label="Close" className="-mr-2">
      <X aria-hidden className="size-4" />
    </Button>
  </Radix.Close>
)

export const DialogFooter = ({ children }: { children: ReactNode }) => (
  <footer className="-mx-5 mt-5 -mb-5 flex flex-wrap justify-end gap-2 border-line border-t bg-sunken px-5 py-3">
    {children}
  </footer>
)
