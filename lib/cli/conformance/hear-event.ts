import type { Desk } from './desk'
import { fail, MC } from './expect'

const endOf = (text: string, name: string, word: string): boolean =>
  text.split(/\r?\n\r?\n/).some((block) => new RegExp(`^event: ?${name}$`, 'm').test(block) && block.includes(word))

/** Opens the event stream, lets something happen, and waits until it is heard under its name. Returns all that came. */
export const hearNamedEvent = async (
  desk: Desk,
  name: string,
  word: string,
  happen: () => Promise<void>,
): Promise<string> => {
  const control = new AbortController()
  const timer = setTimeout(() => control.abort(), desk.patienceMs)
  const heard = { text: '' }
  try {
    const reply = await desk.open(`${MC}/events`, { headers: { accept: 'text/event-stream' } }, control.signal)
    if (reply.status !== 200) return fail(`events: expected 200, got ${reply.status}`)
    const type = reply.headers.get('content-type') ?? ''
    if (!type.startsWith('text/event-stream')) return fail(`events: the content type is ${type || 'missing'}`)
    await happen()
    const reader = reply.body?.pipeThrough(new TextDecoderStream()).getReader()
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      heard.text += part.value
      if (endOf(heard.text, name, word)) return heard.text
    }
    return fail(`events: the stream ended without ${name}`)
  } catch (error) {
    if (control.signal.aborted) return fail(`events: no ${name} within ${desk.patienceMs / 1000} s`)
    throw error
  } finally {
    clearTimeout(timer)
    control.abort()
  }
}
