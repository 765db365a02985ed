'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { CodeBlock } from '@/components/ui/code-block'
import { formatCount } from '@/components/ui/format'

const MOST_AT_ONCE = 20_000

type LongTextProps = { text: string; label: string }

// A text of megabytes would freeze the page; whoever wants all of it says so.
export const LongText = ({ text, label }: LongTextProps) => {
  const [isWhole, setWhole] = useState(false)
  const isCut = !isWhole && text.length > MOST_AT_ONCE
  return (
    <div className="grid min-w-0 gap-2">
      <CodeBlock label={label} code={isCut ? `${text.slice(0, MOST_AT_ONCE)}…` : text} />
      {isCut ? (
        <Button size="small" className="w-fit" onClick={() => setWhole(true)}>
          Show all {formatCount(text.length)} characters
        </Button>
      ) : null}
    </div>
  )
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

// What tools say is often JSON in one long line.
export const jsonText = (value: unknown): string => {
  const isLine = typeof value === 'string' && /^\s*[[{]/.test(value) && value.length <= MOST_AT_ONCE
  const shown = isLine ? parsed(value) : value
  return typeof shown === 'string' ? shown : (JSON.stringify(shown, null, 2) ?? '')
}
