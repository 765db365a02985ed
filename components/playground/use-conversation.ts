'use client'

import { useEffect, useRef, useState } from 'react'
import { opsStream } from '@/lib/runtime/contract'
import { callStream } from '@/lib/shared/stream-client'
import { type Ask, afterEnd, afterError, afterEvent, historyOf, isOpen, newTurn, type Turn } from './turn'

export type Conversation = {
  turns: readonly Turn[]
  isAnswering: boolean
  ask: (ask: Ask, modelName: string) => void
  stop: () => void
  begin: () => void
}

type Change = (turn: Turn) => Turn

const follow = async (ask: Ask, signal: AbortSignal, change: (next: Change) => void): Promise<void> => {
  try {
    for await (const event of callStream(opsStream, { body: ask, signal })) change((turn) => afterEvent(turn, event))
    change(afterEnd)
  } catch (error) {
    change((turn) => afterError(turn, error))
  }
}

// The conversation lives in the page and nowhere else; leaving the page stops what is being answered.
export const useConversation = (): Conversation => {
  const [turns, setTurns] = useState<readonly Turn[]>([])
  const control = useRef<AbortController | null>(null)
  const count = useRef(0)
  useEffect(() => () => control.current?.abort(), [])
  const stop = () => control.current?.abort()
  const ask = (question: Ask, modelName: string) => {
    stop()
    const own = new AbortController()
    control.current = own
    count.current += 1
    const turn = newTurn(count.current, question, modelName)
    const change = (next: Change) =>
      setTurns((all) => all.map((one) => (one.id === turn.id && isOpen(one) ? next(one) : one)))
    const messages = historyOf(turns)
    setTurns([...turns, turn])
    void follow({ ...question, ...(messages.length > 0 ? { messages } : {}) }, own.signal, change)
  }
  const begin = () => {
    stop()
    setTurns([])
  }
  return { turns, isAnswering: turns.some(isOpen), ask, stop, begin }
}
