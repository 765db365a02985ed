import { MAX_MATCH, type Span } from './input'
import { maskOf, merged, type Render } from './masking'
import { MAX_BEFORE } from './numbers'
import { NO_RULES, ownSpansFrom, type Rules } from './rules'
import { newScan, type Scan, scanOn } from './scan'

export type StreamRedactor = { push(chunk: string): string; end(): string }

// Patterns of a tenant's own may not reach into the middle of an id, so as much as an id is kept.
const CONTEXT = Math.max(MAX_BEFORE, 64)
// Forgetting moves every place that is remembered, so it is done in large pieces.
const PIECE = 4_096

type State = { scan: Scan; out: number; maskedTo: number; rules: Rules; render: Render; own: number[] }

const boundOf = ({ scan, own }: State): number => Math.min(scan.at, ...own)

type Cut = { text: string; bound: number }

// One piece of text for all that overlaps. Where it is written from what was found, it waits until all of it is known.
const write = (state: State, span: Span, { text, bound }: Cut): string | null => {
  const { type, from, to } = span
  if (from < state.maskedTo) {
    state.maskedTo = Math.max(state.maskedTo, to)
    state.out = Math.max(state.out, state.maskedTo)
    return ''
  }
  if (state.rules.isOwn && to > bound && to - from <= MAX_MATCH) return null
  const out = text.slice(state.out, from) + state.render(type, text.slice(from, to))
  state.maskedTo = to
  state.out = Math.max(state.out, to)
  return out
}

// All that begins before the undecided place is final: nothing found later begins earlier.
const emit = (state: State): string => {
  const { scan } = state
  const { text } = scan.input
  const bound = boundOf(state)
  const ready = merged(scan.spans.filter((span) => span.from < bound))
  scan.spans = scan.spans.filter((span) => span.from >= bound)
  let out = ''
  let until = bound
  for (const span of ready) {
    const written = write(state, span, { text, bound })
    if (written === null) {
      scan.spans.push(span)
      until = Math.min(until, span.from)
    } else out += written
  }
  if (state.out >= until) return out
  out += text.slice(state.out, until)
  state.out = until
  return out
}

const shifted = (span: Span, by: number): Span => ({ ...span, from: span.from - by, to: span.to - by })

const forget = (state: State): void => {
  const { scan } = state
  const by = Math.max(0, Math.min(state.out, boundOf(state)) - CONTEXT)
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
  state.own = state.own.map((at) => at - by)
}

// Spans that are already known are not taken twice: each pattern goes on where it stopped.
const lookOwn = (state: State): void => {
  const { text, isWhole } = state.scan.input
  state.rules.own.forEach((own, n) => {
    const { spans, next } = ownSpansFrom(own, text, state.own[n] ?? 0, isWhole)
    state.scan.spans.unshift(...spans)
    state.own[n] = next
  })
}

const dropOff = ({ scan, rules }: State): void => {
  if (rules.off.size > 0) scan.spans = scan.spans.filter(({ type }) => !rules.off.has(type))
}

/** The same result as for the whole text, however it is cut. What cannot be decided yet waits. */
export const createStreamRedactor = (rules: Rules = NO_RULES, render: Render = maskOf): StreamRedactor => {
  const own = rules.own.map(() => 0)
  const state: State = { scan: newScan('', false), out: 0, maskedTo: 0, rules, render, own }
  const goOn = (): string => {
    scanOn(state.scan)
    dropOff(state)
    lookOwn(state)
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
