import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { type JSONRPCMessage, JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js'
import { endProgram, launch, type Program } from './launch'
import { lineReader } from './lines'
import { type Line, MOST_BYTES_A_QUESTION, MOST_MESSAGE_BYTES } from './transport'

const MOST_SAID = 2_048
const MOST_WAITING_BYTES = 4 * 1_048_576
const LAST_WORDS_MS = 200

type Launch = { command: string; args: readonly string[]; env: Readonly<Record<string, string>> }
type State = { child: Program | null; said: string; why: string | null; ending: Promise<void> | null; noise: number }

const messageOf = (text: string): JSONRPCMessage | null => {
  try {
    const read = JSONRPCMessageSchema.safeParse(JSON.parse(text))
    return read.success ? read.data : null
  } catch {
    return null
  }
}

const exitOf = ({ exitCode, signalCode }: Program): string =>
  signalCode === null ? `its program ended with ${exitCode ?? 'no code'}` : `its program was ended by ${signalCode}`

/** A program of its own, spoken to over its standard streams. */
export const stdioLine = (how: Launch): Line => {
  const state: State = { child: null, said: '', why: null, ending: null, noise: 0 }
  const lines = lineReader(MOST_MESSAGE_BYTES, MOST_BYTES_A_QUESTION)

  const end = (why: string | null): Promise<void> => {
    if (state.ending) return state.ending
    state.why = why
    state.ending = state.child ? endProgram(state.child) : Promise.resolve()
    transport.onclose?.()
    return state.ending
  }
  const heard = (chunk: Buffer): void => {
    if (state.ending) return
    const found = lines.take(chunk)
    if (typeof found === 'string') return void end('it sent more than it may')
    for (const text of found) {
      const message = text.trim() === '' ? null : messageOf(text)
      if (message && state.ending === null) transport.onmessage?.(message)
    }
  }
  const muttered = (chunk: Buffer): void => {
    state.noise += chunk.length
    state.said = (state.said + chunk.subarray(-MOST_SAID).toString('utf8')).slice(-MOST_SAID)
    if (state.noise > MOST_BYTES_A_QUESTION) void end('it sent more than it may')
  }
  const listen = (child: Program): void => {
    child.stdout.on('data', heard)
    child.stderr.on('data', muttered)
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => undefined)
    child.on('error', () => void end('its program failed'))
    child.once('exit', () => {
      const over = () => void end(exitOf(child))
      const timer = setTimeout(over, LAST_WORDS_MS)
      child.once('close', () => {
        clearTimeout(timer)
        over()
      })
    })
  }

  const transport: Transport = {
    start: async () => {
      const child = await launch(how)
      if (state.ending) return endProgram(child)
      state.child = child
      listen(child)
    },
    send: async (message) => {
      const { child } = state
      if (!child || state.ending) throw new Error(state.why ?? 'the connection is closed')
      if (child.stdin.writableLength > MOST_WAITING_BYTES) {
        await end('it does not read what it is sent')
        throw new Error('it does not read what it is sent')
      }
      child.stdin.write(`${JSON.stringify(message)}\n`)
    },
    close: () => end(null),
  }
  return {
    transport,
    asked: () => {
      lines.reset()
      state.noise = 0
    },
    end: (why) => void end(why),
    isForgotten: () => false,
    said: () => state.said,
    whyEnded: () => state.why,
  }
}
