import type { Scope } from '@/lib/core/scope'
import { accessOf, followFrom, type LiveNews, tooSlow, watchAccess } from '@/lib/http/live'
import type { StreamEvent } from '@/lib/http/sse'
import { opsEvents } from './contract'

const MOST_WAITING = 1_000

const frameOf = (news: LiveNews): StreamEvent => ({
  event: 'event',
  ...(news.id === '' ? {} : { id: news.id }),
  data: news,
})

type Next = IteratorResult<StreamEvent>
type State = {
  waiting: LiveNews[]
  wanted: { resolve: (next: Next) => void; reject: (error: unknown) => void } | null
  failure: unknown
  isOver: boolean
}

const OVER: Next = { done: true, value: undefined }

// A queue with one reader. `fail` drops what was not read yet and tells the error last; `end` just ends.
const queue = (onEnd: () => void) => {
  const state: State = { waiting: [], wanted: null, failure: undefined, isOver: false }
  const close = (): void => {
    if (state.isOver) return
    state.isOver = true
    onEnd()
  }
  const fail = (error: unknown): void => {
    close()
    state.waiting.length = 0
    if (state.wanted) state.wanted.reject(error)
    else state.failure = error
    state.wanted = null
  }
  return {
    fail,
    put: (news: LiveNews): void => {
      if (state.isOver) return
      if (state.wanted) state.wanted.resolve({ done: false, value: frameOf(news) })
      else if (state.waiting.push(news) > MOST_WAITING) fail(tooSlow())
      state.wanted = null
    },
    next: (): Promise<Next> => {
      const news = state.waiting.shift()
      if (news) return Promise.resolve({ done: false, value: frameOf(news) })
      if (state.failure !== undefined) {
        const error = state.failure
        state.failure = undefined
        return Promise.reject(error)
      }
      if (state.isOver) return Promise.resolve(OVER)
      return new Promise((resolve, reject) => {
        state.wanted = { resolve, reject }
      })
    },
    end: (): Promise<Next> => {
      close()
      state.waiting.length = 0
      state.wanted?.resolve(OVER)
      state.wanted = null
      return Promise.resolve(OVER)
    },
  }
}

const lastIdOf = (request: Request): string | null => request.headers.get('last-event-id')

// What happens in the tenant from now on, after what the listener missed since its last number.
export const liveEvents = async (scope: Scope, request: Request): Promise<AsyncIterable<StreamEvent>> => {
  const offs: (() => void)[] = []
  const events = queue(() => {
    for (const off of offs) off()
  })
  const listening = followFrom(scope, lastIdOf(request), events.put)
  offs.push(listening.off, watchAccess(accessOf(scope, opsEvents, request), events.fail))
  await listening.start().catch((error: unknown) => {
    void events.end()
    throw error
  })
  const iterator: AsyncIterator<StreamEvent> = { next: events.next, return: events.end }
  return { [Symbol.asyncIterator]: () => iterator }
}
