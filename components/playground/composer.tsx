'use client'

import { SendHorizontal, Square } from 'lucide-react'
import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Textarea } from '@/components/ui/field'
import { Kbd } from '@/components/ui/kbd'

type ComposerProps = { isAnswering: boolean; onSend: (message: string) => void; onStop: () => void }

export const Composer = ({ isAnswering, onSend, onStop }: ComposerProps) => {
  const [message, setMessage] = useState('')
  const box = useRef<HTMLTextAreaElement>(null)
  const isEmpty = message.trim() === ''
  const send = () => {
    if (isEmpty || isAnswering) return
    onSend(message)
    setMessage('')
    box.current?.focus()
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    send()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
    event.preventDefault()
    send()
  }
  const stop = () => {
    onStop()
    box.current?.focus()
  }
  return (
    <form onSubmit={onSubmit} className="grid gap-2 border-line border-t p-3">
      <Textarea
        ref={box}
        aria-label="Message"
        placeholder="Write what a person would write to this agent"
        rows={3}
        value={message}
        onChange={(event) => setMessage(event.target.value)}
        onKeyDown={onKeyDown}
        className="max-h-60 resize-y"
      />
      <div className="flex items-center justify-between gap-3">
        <p className="flex items-center gap-1.5 text-ink-muted text-meta max-sheet:invisible">
          <Kbd keys="Ctrl Enter" /> sends
        </p>
        {isAnswering ? (
          <Button look="danger" onClick={stop}>
            <Square aria-hidden className="size-3.5" /> Stop
          </Button>
        ) : (
          <Button look="primary" type="submit" disabled={isEmpty}>
            <SendHorizontal aria-hidden className="size-3.5" /> Send
          </Button>
        )}
      </div>
    </form>
  )
}
