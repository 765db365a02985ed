// News inside one process. Between processes it travels through the outbox table.
export type BusTopics = {
  committed: { tenantId: string | null }
  event: { id: bigint; tenantId: string; topic: string; payload: unknown; createdAt: Date }
  'identity-changed': Record<string, never>
  'job-queued': Record<string, never>
}

type Handler<T> = (news: T) => void

export type Bus = {
  on<K extends keyof BusTopics>(topic: K, handler: Handler<BusTopics[K]>): () => void
  emit<K extends keyof BusTopics>(topic: K, news: BusTopics[K]): void
  count(topic: keyof BusTopics): number
}

export const createBus = (onError: (error: unknown) => void): Bus => {
  const handlers = new Map<keyof BusTopics, Set<Handler<never>>>()
  const of = (topic: keyof BusTopics) => {
    const known = handlers.get(topic) ?? new Set<Handler<never>>()
    handlers.set(topic, known)
    return known
  }
  return {
    on: (topic, handler) => {
      of(topic).add(handler)
      return () => void of(topic).delete(handler)
    },
    emit: (topic, news) => {
      for (const handler of of(topic)) {
        try {
          handler(news as never)
        } catch (error) {
          onError(error)
        }
      }
    },
    count: (topic) => of(topic).size,
  }
}
