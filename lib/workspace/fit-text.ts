export const FILE_LIMIT = 20_000
export const TOTAL_LIMIT = 60_000
export const USER_LIMIT = 4_000
export const MARKER = '\n\n[... content truncated for prompt size ...]'

const isHigh = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at)
  return code >= 0xd800 && code <= 0xdbff
}

// Text and marker together are exactly `most`, or one less where a pair would be cut in two.
export const fitText = (text: string, most: number): { text: string; isCut: boolean } => {
  if (text.length <= most) return { text, isCut: false }
  const end = most - MARKER.length
  const safe = end > 0 && isHigh(text, end - 1) ? end - 1 : end
  return { text: text.slice(0, Math.max(0, safe)) + MARKER, isCut: true }
}

export type Admitted = { text: string; state: 'whole' | 'cut' | 'omitted' }

// A budget over files in order: the one that crosses it is cut, what follows is named and left out.
export const budgetOf = (total: number): ((text: string) => Admitted) => {
  let left = total
  let isFull = false
  return (text) => {
    if (isFull || (text.length > left && left <= MARKER.length)) {
      isFull = true
      return { text: '', state: 'omitted' }
    }
    const fitted = fitText(text, left)
    isFull = fitted.isCut
    left -= fitted.text.length
    return { text: fitted.text, state: fitted.isCut ? 'cut' : 'whole' }
  }
}
