import { HEARTBEAT_OK, isWordCharacter } from './heartbeat'

// `next` begins another text: what was kept of the last one was no answer.
export type HoldBack = { push(delta: string): string; end(): string; next(): string }

const MOST = HEARTBEAT_OK.length
// Blanks at an edge are looked at again and again; so many of them are text.
const MOST_BLANKS = 64

// The longest end of the text that could still become the token, with the blanks that may follow it.
const openEdge = (text: string, before: string | undefined): number => {
  const trimmed = text.trimEnd()
  const isEdge = (length: number) =>
    HEARTBEAT_OK.startsWith(trimmed.slice(-length)) && !isWordCharacter(trimmed.at(-length - 1) ?? before)
  if (text.length - trimmed.length > MOST_BLANKS) return 0
  if (trimmed !== text) return trimmed.endsWith(HEARTBEAT_OK) && isEdge(MOST) ? text.length - trimmed.length + MOST : 0
  for (let length = Math.min(MOST, text.length); length > 0; length--) if (isEdge(length)) return length
  return 0
}

// Keeps an edge back for as long as it may be the token: at most twelve characters, never longer than it takes to know.
export const createHoldBack = (): HoldBack => {
  const state: { held: string; begun: boolean; last: string | undefined } = { held: '', begun: false, last: undefined }
  const isUndecided = (): boolean => {
    const text = state.held.trimStart()
    const blanks = state.held.length - text.length
    if (blanks <= MOST_BLANKS && text.length <= MOST && HEARTBEAT_OK.startsWith(text)) return true
    state.begun = true
    if (text.startsWith(HEARTBEAT_OK) && !isWordCharacter(text[MOST])) {
      state.held = text.slice(MOST).trimStart()
      state.begun = false
      return state.held === '' || isUndecided()
    }
    return false
  }
  const emit = (length: number): string => {
    const out = state.held.slice(0, length)
    state.held = state.held.slice(length)
    state.last = out.at(-1) ?? state.last
    return out
  }
  const end = (): string => {
    const rest = state.held.trim()
    const out = rest === HEARTBEAT_OK || rest === '' ? '' : state.held
    state.held = ''
    return out
  }
  return {
    push: (delta) => {
      state.held += delta
      if (!state.begun && isUndecided()) return ''
      return emit(state.held.length - openEdge(state.held, state.last))
    },
    end,
    next: () => {
      const rest = end()
      state.begun = false
      state.last = undefined
      return rest
    },
  }
}
