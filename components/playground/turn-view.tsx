import { Bot, UserRound } from 'lucide-react'
import { isOpen, type Turn } from './turn'
import { TurnEnd } from './turn-end'
import { TurnParts } from './turn-parts'

const Waiting = () => (
  <p className="flex items-center gap-1 text-ink-muted text-table" aria-hidden>
    <span className="size-1.5 animate-breathe rounded-full bg-system" />
    <span className="size-1.5 animate-breathe rounded-full bg-system" />
    <span className="size-1.5 animate-breathe rounded-full bg-system" />
  </p>
)

// Something is being thought about whenever the last thing said is not a text that still grows.
const isSilent = (turn: Turn): boolean => isOpen(turn) && turn.parts.at(-1)?.kind !== 'text'

export const TurnView = ({ turn }: { turn: Turn }) => (
  <li className="grid gap-3">
    <article aria-label="Your message" className="ml-auto grid max-w-[min(88%,72ch)] gap-1">
      <h3 className="flex items-center justify-end gap-1.5 font-medium text-ink-muted text-meta">
        <UserRound aria-hidden className="size-3.5" /> You
      </h3>
      <p className="whitespace-pre-wrap break-words rounded-md bg-accent-soft px-3 py-2 text-ink text-prose">
        {turn.ask.message}
      </p>
    </article>
    <article aria-label="Answer" aria-busy={isOpen(turn)} className="grid max-w-[88ch] gap-2">
      <h3 className="flex flex-wrap items-center gap-1.5 font-medium text-ink-muted text-meta">
        <Bot aria-hidden className="size-3.5 text-model" /> {turn.ask.role}
        <span className="break-all font-normal">{turn.modelName}</span>
      </h3>
      <TurnParts parts={turn.parts} isOpen={isOpen(turn)} />
      {isSilent(turn) ? <Waiting /> : null}
      <TurnEnd turn={turn} />
    </article>
  </li>
)
