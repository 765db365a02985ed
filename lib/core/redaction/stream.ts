import { MASK_OF, type Span } from './input'
import { inOrder } from './masking'
import { MAX_BEFORE } from './numbers'
import { newScan, type Scan, scanOn } from './scan'

export type StreamRedactor = { push(chunk: string): string; end(): string }

const CONTEXT = MAX_BEFORE
// Forgetting moves every place that is remembered, so it is done in large pieces.
const PIECE = 4_096

type State = { scan: Scan; out: number; maskedTo: number }

// All that begins before the undecided place is final: nothing found later begins earlier.
const emit = (state: State): string => {
  const { scan } = state
  const { text } = scan.input
  const ready = scan.spans.filter((span) => span.from < scan.at).sort(inOrder)
  scan.spans = scan.spans.filter((span) => span.from >= scan.at)
  let out = ''
  for (const { type, from, to } of ready) {
    if (from >= state.maskedTo) {
      out += text.slice(state.out, from) + MASK_OF[type]
      state.maskedTo = to
    } else state.maskedTo = Math.max(state.maskedTo, to)
    state.out = Math.max(state.out, state.maskedTo)
  }
  if (state.out >= scan.at) return out
  out += text.slice(state.out, scan.at)
  state.out = scan.at
  return out
}

const shifted = (span: Span, by: number): Span => ({ ...span, from: span.from - by, to: span.to - by })

const forget = (state: State): void => {
  const { scan } = state
  const by = Math.max(0, Math.min(state.out, scan.at) - CONTEXT)
  if (by < PIECE) return
  scan.input.text = scan.input.text.slice(by)
  scan.at -= by
  scan.spans = scan.spans.map((span) => shifted(span, by))
  scan.input.ends = new Set([...scan.input.ends].map((end) => end - by).filter((end) => end >= 0))
  for (const run of scan.input.runs.values()) Object.assign(run, { from: run.from - by, to: run.to - by })
  scan.input.groups.to -= by
  scan.piece -= by
  scan.jwtAt -= by
  scan.noJwtBefore -= by
  scan.userInfo = { from: scan.userInfo.from - by, to: scan.userInfo.to - by }
  state.out -= by
  state.maskedTo -= by
}

/** The same result as for the whole text, however it is cut. What cannot be decided yet waits. */
export const createStreamRedactor = (): StreamRedactor => {
  const state: State = { scan: newScan('', false), out: 0, maskedTo: 0 }
  const goOn = (): string => {
    scanOn(state.scan)
    const out = emit(state)
    forget(state)
    return out
  }
  return {
    push: (chunk) => {
      state.scan.input.text += chunk
      return goOn()
    },
    end: () => {
      state.scan.input.isWhole = true
      return goOn()
    },
  }
}
