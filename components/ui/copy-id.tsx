'use client'

import { Check, Copy } from 'lucide-react'
import { Button } from './button'
import { cn } from './cn'
import { shortenId } from './format'
import { useCopy } from './use-copy'

type CopyIdProps = { id: string; what: string; full?: boolean; className?: string }

export const CopyId = ({ id, what, full, className }: CopyIdProps) => {
  const { copied, copy } = useCopy()
  const Icon = copied ? Check : Copy
  return (
    <button
      type="button"
      title={id}
      onClick={(event) => {
        event.stopPropagation()
        void copy(id)
      }}
      className={cn(
        'group/copy relative -mx-1 inline-flex max-w-full items-center gap-1 rounded-sm px-1 font-mono text-ink-soft text-meta hover:bg-hover hover:text-ink',
        className,
      )}
    >
      <span className="sr-only">{copied ? `Copied ${what} ` : `Copy ${what} `}</span>
      <span className={full ? 'break-all text-left' : 'whitespace-nowrap'}>{full ? id : shortenId(id)}</span>
      <Icon
        aria-hidden
        className={cn(
          'absolute top-1/2 left-full size-3 -translate-y-1/2',
          copied
            ? 'text-ok'
            : 'text-ink-muted opacity-0 group-hover/copy:opacity-100 group-focus-visible/copy:opacity-100',
        )}
      />
    </button>
  )
}

export const CopyButton = ({ text, label = 'Copy' }: { text: string; label?: string }) => {
  const { copied, copy } = useCopy()
  const Icon = copied ? Check : Copy
  return (
    <Button size="small" onClick={() => void copy(text)} aria-live="polite">
      <Icon aria-hidden className="size-3.5" />
      {copied ? 'Copied' : label}
    </Button>
  )
}
