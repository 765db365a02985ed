'use client'

import { cn } from './cn'
import { CopyButton } from './copy-id'

type CodeBlockProps = { code: string; label: string; anywhere?: boolean; className?: string }

export const CodeBlock = ({ code, label, anywhere, className }: CodeBlockProps) => (
  <figure className={cn('min-w-0 overflow-hidden rounded-md border border-line bg-sunken', className)}>
    <figcaption className="flex h-9 items-center justify-between gap-2 border-line border-b bg-surface pr-1 pl-3 text-ink-muted text-meta">
      <span className="min-w-0 truncate" title={label}>
        {label}
      </span>
      <CopyButton text={code} />
    </figcaption>
    <pre
      className={cn('p-3 font-mono text-ink text-meta', 'whitespace-pre-wrap', anywhere ? 'break-all' : 'break-words')}
    >
      {code}
    </pre>
  </figure>
)
