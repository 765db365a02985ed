// The library reads all arguments of a tool call again with every piece of them. So pieces are put together here, and
// it gets what it needs: the beginning of a call, and the rest in one.
export type Held = {
  add(key: string, piece: string, frame: (whole: string) => string): void
  // Counts what goes to the library unheld
  passed(key: string, piece: string): void
  release(key: string): string
  releaseAll(): string
}

export type Sink = {
  // Progress of the answer, and what an answer that is cut has cost
  onArguments(characters: number): void
  onFault(reason: string): void
}

export const MOST_ARGUMENTS = 600_000
const MOST_TOGETHER = 4 * 1_048_576
// Characters that the library may be made to read over and over
const MOST_READ = 64 * 1_048_576

type Call = { parts: string[]; frame: (whole: string) => string }

export const createHeld = ({ onArguments, onFault }: Sink): Held => {
  const calls = new Map<string, Call>()
  const totals = new Map<string, number>()
  let together = 0
  let read = 0

  const count = (key: string, characters: number): void => {
    const total = (totals.get(key) ?? 0) + characters
    totals.set(key, total)
    together += characters
    if (characters > 0) onArguments(characters)
    if (total > MOST_ARGUMENTS || together > MOST_TOGETHER) onFault('The arguments of a tool call are too long')
  }
  const release = (key: string): string => {
    const call = calls.get(key)
    if (!call) return ''
    calls.delete(key)
    read += together
    if (read > MOST_READ) onFault('The arguments of a tool call come in too many pieces')
    return call.frame(call.parts.join(''))
  }
  return {
    add: (key, piece, frame) => {
      count(key, piece.length)
      const call = calls.get(key) ?? { parts: [], frame }
      call.parts.push(piece)
      calls.set(key, call)
    },
    passed: (key, piece) => count(key, piece.length),
    release,
    releaseAll: () => [...calls.keys()].map(release).join(''),
  }
}
