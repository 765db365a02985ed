import type { FinishScan } from './finish-scan'
import { gatherArguments } from './gather-arguments'
import type { Sink } from './held-arguments'
import type { ProviderApi } from './provider-table'
import { createSplitter } from './sse-frames'
import type { Fault, Seen } from './upstream'

// What an accepted answer passes on its way from the line to the library: whole frames, tool arguments put together,
// and an end to what has none.
export type WireFilter = {
  push(bytes: Uint8Array): Uint8Array | null
  end(): Uint8Array | null
}

export type Gate = { onArguments: Sink['onArguments']; onFault: (fault: Fault) => void }

const MOST_IN_FRAME = 8 * 1_048_576
const MOST_IN_ALL = 96 * 1_048_576

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')

const bytesOf = (text: string): Uint8Array | null => (text === '' ? null : Buffer.from(text, 'latin1'))

const tooLong = (reason: string): Fault => ({ outcome: 'unmetered_cut', reason })

export const createWireFilter = (api: ProviderApi, scan: FinishScan, { onArguments, onFault }: Gate): WireFilter => {
  const splitter = createSplitter()
  const onBrokenCall = (reason: string): void => onFault({ outcome: 'invalid_tool_call', reason })
  const gathering = gatherArguments(api, { onArguments, onFault: onBrokenCall })
  let all = 0

  const read = (frame: string): string => {
    scan.see(frame)
    return gathering.take(frame)
  }
  // Whatever a provider sends must not end more than its own answer.
  const guarded = (work: () => string): Uint8Array | null => {
    try {
      return bytesOf(work())
    } catch {
      onFault(tooLong('A piece of the answer cannot be read'))
      return null
    }
  }
  return {
    push: (bytes) =>
      guarded(() => {
        all += bytes.byteLength
        const passed = splitter.push(latin1(bytes)).map(read).join('')
        if (all > MOST_IN_ALL || splitter.pending() > MOST_IN_FRAME) onFault(tooLong('The answer is too long'))
        return passed
      }),
    end: () => guarded(() => read(splitter.rest()) + gathering.end()),
  }
}

const MOST_IN_REFUSAL = 65_536

// A refusal is no stream; of its words the first ones are enough.
export const createRefusalFilter = (seen: Pick<Seen, 'refusal'>, onFull: () => void): WireFilter => {
  let left = MOST_IN_REFUSAL
  return {
    push: (bytes) => {
      const taken = bytes.subarray(0, left)
      left -= taken.byteLength
      seen.refusal += latin1(taken)
      if (left === 0) onFull()
      return taken.byteLength === 0 ? null : taken
    },
    end: () => null,
  }
}
