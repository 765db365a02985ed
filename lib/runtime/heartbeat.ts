export const HEARTBEAT_OK = 'HEARTBEAT_OK'

export type Silence = { suppressed: boolean; text: string; tokenSeen: boolean }

export const isWordCharacter = (character: string | undefined): boolean =>
  character !== undefined && /[A-Za-z0-9_]/.test(character)

const LENGTH = HEARTBEAT_OK.length

const strippedOnce = (text: string): string | null => {
  if (text.startsWith(HEARTBEAT_OK) && !isWordCharacter(text[LENGTH])) return text.slice(LENGTH).trim()
  if (text.endsWith(HEARTBEAT_OK) && !isWordCharacter(text.at(-LENGTH - 1))) return text.slice(0, -LENGTH).trim()
  return null
}

// From both edges, and as often as it stands there.
const withoutToken = (text: string): string | null => {
  let rest = strippedOnce(text)
  for (let next = rest; next !== null; next = strippedOnce(next)) rest = next
  return rest
}

// The token alone is silence in every run. At an edge it is stripped, and in a heartbeat run a short rest is silence
// too. In the middle it is a word like any other.
export const judgeAnswer = (answer: string, run: { isHeartbeat: boolean; maxAckChars: number }): Silence => {
  const text = answer.trim()
  if (text === HEARTBEAT_OK) return { suppressed: true, text: '', tokenSeen: true }
  const rest = withoutToken(text)
  if (rest === null) return { suppressed: false, text: answer, tokenSeen: false }
  if (rest === '' || (run.isHeartbeat && rest.length <= run.maxAckChars))
    return { suppressed: true, text: rest, tokenSeen: true }
  return { suppressed: false, text: rest, tokenSeen: true }
}

// A structured answer beats the text.
export const judgeRespond = (respond: { notify: boolean; notificationText: string }): Silence =>
  respond.notify && respond.notificationText.trim() !== ''
    ? { suppressed: false, text: respond.notificationText.trim(), tokenSeen: false }
    : { suppressed: true, text: '', tokenSeen: false }
