'use client'

import { useEffect, useRef } from 'react'
import type { RenderedPrompt } from '@/lib/workspace/contract/workspaces'

type Part = RenderedPrompt['parts'][number]

// What scrolls is reached by the keyboard too.
const SCROLLS = { tabIndex: 0 }

/** The whole prompt, with the part that is looked at marked and in sight. */
export const PromptText = ({ text, part }: { text: string; part: Part | undefined }) => {
  const box = useRef<HTMLElement>(null)
  const mark = useRef<HTMLElement>(null)
  const from = part?.starts_at ?? null
  useEffect(() => {
    if (from === null || !box.current || !mark.current) return
    box.current.scrollTop = Math.max(0, mark.current.offsetTop - box.current.offsetTop - 24)
  }, [from])
  if (text === '')
    return <p className="text-ink-muted text-table">This prompt is empty: a model is told its role alone.</p>
  const to = from === null ? 0 : from + (part?.injected_chars ?? 0)
  return (
    <section
      ref={box}
      {...SCROLLS}
      aria-label="Text of the prompt"
      className="relative max-h-[70vh] overflow-y-auto whitespace-pre-wrap break-words rounded-md border border-line bg-sunken p-3 font-mono text-ink text-meta"
    >
      {from === null ? (
        text
      ) : (
        <>
          {text.slice(0, from)}
          <mark ref={mark} className="bg-accent-soft text-ink">
            {text.slice(from, to)}
          </mark>
          {text.slice(to)}
        </>
      )}
    </section>
  )
}
