import { type Exchange, exchange, type OutboundHeaders, type OutboundReply, urlOf } from './exchange'
import { OutboundError } from './outbound-error'

export type Call = Omit<Exchange, 'url'> & { redirects: number }

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status)

const HARMLESS: readonly string[] = ['accept', 'accept-language', 'user-agent']

// What was meant for one origin is not told to another.
const headersFor = (call: Call, from: URL, to: URL, keepsBody: boolean): OutboundHeaders =>
  Object.fromEntries(
    Object.entries(call.headers).filter(([name]) => {
      const isHarmless = HARMLESS.includes(name.toLowerCase())
      if (from.origin !== to.origin) return isHarmless || (keepsBody && name.toLowerCase() === 'content-type')
      return keepsBody || !name.toLowerCase().startsWith('content-')
    }),
  )

// Every hop is judged like the first address.
export const follow = async (call: Call, url: URL, left = call.redirects, send = exchange): Promise<OutboundReply> => {
  const reply = await send({ ...call, url })
  const location = reply.headers['location']
  if (call.redirects === 0 || !isRedirect(reply.status) || !location || !URL.canParse(location, url)) return reply
  if (left === 0) throw new OutboundError('too_many_redirects', `More than ${call.redirects} redirects`)
  const next = urlOf(new URL(location, url), call.guard)
  const keepsBody = reply.status === 307 || reply.status === 308 || call.method === 'GET' || call.method === 'HEAD'
  const headers = headersFor(call, url, next, keepsBody)
  return follow({ ...call, headers, ...(keepsBody ? {} : { method: 'GET', body: null }) }, next, left - 1, send)
}
