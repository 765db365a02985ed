'use client'

import { ArrowDown, MessagesSquare } from 'lucide-react'
import { EmptyState } from '@/components/states/empty-state'
import { Button } from '@/components/ui/button'
import { isOpen, type Turn } from './turn'
import { TurnView } from './turn-view'
import { useStickToEnd } from './use-stick-to-end'

const COMMAND = `curl -N "$CLASPER_URL/api/agents/stream" \\
  -H "X-Agent-Daemon-Key: $CLASPER_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"user_id": "me", "session_key": "user:me:agent", "message": "Hello"}'`

const Nothing = () => (
  <EmptyState
    icon={MessagesSquare}
    title="Nothing was said yet"
    text="A message here runs like a call of your backend: the same prompt, permissions, budget, trace and audit."
    command={{ label: 'The same from a terminal', code: COMMAND }}
    action={
      <a href="/ops/reference" className="text-accent text-table underline-offset-2 hover:underline">
        Every field of the call
      </a>
    }
  />
)

// Read out once, when it is whole; a screen reader that got every token could not be followed.
const Announcer = ({ turn }: { turn: Turn | undefined }) => {
  const said = !turn
    ? ''
    : isOpen(turn)
      ? 'The agent is answering.'
      : turn.reply
        ? `Answer: ${turn.reply.response}`
        : turn.state === 'stopped'
          ? 'Stopped.'
          : ''
  return (
    <p role="status" className="sr-only">
      {said}
    </p>
  )
}

// What scrolls must be reachable by keyboard, also where the browser does not see to it.
const REACHABLE = { tabIndex: 0 } as const

export const ConversationLog = ({ turns }: { turns: readonly Turn[] }) => {
  const { box, content, isAway, toEnd } = useStickToEnd()
  return (
    <div className="relative min-h-0 grow">
      <section
        ref={box}
        {...REACHABLE}
        aria-label="Conversation"
        className="h-full overflow-y-auto overscroll-contain px-4 py-4 focus-visible:-outline-offset-2"
      >
        {turns.length === 0 ? <Nothing /> : null}
        <ol ref={content} className="grid gap-6">
          {turns.map((turn) => (
            <TurnView key={turn.id} turn={turn} />
          ))}
        </ol>
      </section>
      {isAway ? (
        <Button size="small" onClick={toEnd} className="absolute right-4 bottom-3 shadow-overlay">
          <ArrowDown aria-hidden className="size-3.5" /> Latest
        </Button>
      ) : null}
      <Announcer turn={turns.at(-1)} />
    </div>
  )
}
