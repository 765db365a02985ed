import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Caller } from './agent-token'

export type EventName =
  | 'task.created'
  | 'task.updated'
  | 'message.created'
  | 'document.created'
  | 'notification.created'

type Owner = Pick<Caller, 'tenantId' | 'userId'>

export type Feed = {
  tell: (owner: Owner, name: EventName, data: unknown) => void
  follow: (owner: Owner, response: ServerResponse) => void
  close: () => void
}

const PING_MS = 15_000

const channelOf = ({ tenantId, userId }: Owner) => JSON.stringify([tenantId, userId])

// Server-sent events of one person: named, with a comment now and then so that proxies keep the line open.
export const createFeed = (): Feed => {
  const emitter = new EventEmitter().setMaxListeners(0)
  const open = new Set<ServerResponse>()
  const follow: Feed['follow'] = (owner, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' })
    response.write(': connected\n\n')
    const send = (name: EventName, data: unknown) => response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
    const ping = setInterval(() => response.write(': ping\n\n'), PING_MS)
    emitter.on(channelOf(owner), send)
    open.add(response)
    response.once('close', () => {
      clearInterval(ping)
      emitter.off(channelOf(owner), send)
      open.delete(response)
    })
  }
  return {
    follow,
    tell: (owner, name, data) => void emitter.emit(channelOf(owner), name, data),
    close: () => {
      for (const response of open) response.end()
    },
  }
}
