import type { ReactNode } from 'react'
import { cn } from '@/components/ui/cn'
import { formatCount } from '@/components/ui/format'
import type { TextEdit } from '@/lib/tracing/contract'

type Side = 'base' | 'compare'

const MOST_EQUAL = 480
const KEPT = 200

// Of a long stretch that is the same, its ends show where one is.
const Same = ({ text }: { text: string }) =>
  text.length <= MOST_EQUAL ? (
    text
  ) : (
    <>
      {text.slice(0, KEPT)}
      <span className="mx-1 rounded-sm bg-system-soft px-1 text-ink-muted">
        … {formatCount(text.length - 2 * KEPT)} characters the same …
      </span>
      {text.slice(-KEPT)}
    </>
  )

const Edit = ({ edit }: { edit: TextEdit }) => {
  if (edit.op === 'equal') return <Same text={edit.text} />
  if (edit.op === 'delete') return <del className="rounded-sm bg-bad-soft text-bad">{edit.text}</del>
  return <ins className="rounded-sm bg-ok-soft text-ok no-underline">{edit.text}</ins>
}

const HIDDEN = { base: 'insert', compare: 'delete' } as const

const Text = ({ edits, side }: { edits: readonly TextEdit[]; side: Side }) => {
  const own = edits
    .map((edit, at) => ({ edit, key: `${at} ${edit.op}` }))
    .filter(({ edit }) => edit.op !== HIDDEN[side])
  return (
    <div className="min-w-0 whitespace-pre-wrap break-words rounded-md border border-line bg-sunken p-3 font-mono text-ink text-meta">
      <span className="sr-only">{side === 'base' ? 'In base: ' : 'In compare: '}</span>
      {own.length === 0 ? <span className="text-ink-muted">nothing</span> : null}
      {own.map(({ key, edit }) => (
        <Edit key={key} edit={edit} />
      ))}
    </div>
  )
}

// Word by word, each text in its own column; what was taken out stands left, what was put in stands right.
export const WordDiff = ({ edits, className }: { edits: readonly TextEdit[]; className?: string }) => (
  <TwoColumns className={className}>
    <Text edits={edits} side="base" />
    <Text edits={edits} side="compare" />
  </TwoColumns>
)

export const TwoColumns = ({ children, className }: { children: ReactNode; className?: string | undefined }) => (
  <div className={cn('grid gap-2 sheet:grid-cols-2', className)}>{children}</div>
)
