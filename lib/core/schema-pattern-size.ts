const RANGES_OF_A_PROPERTY = 8
const REPEAT = /^\{(\d{1,9})(?:,(\d{0,9}))?\}/

type Level = { before: number; last: number }

const classEnd = (source: string, start: number): number => {
  let at = start + 1
  while (at < source.length && source[at] !== ']') at += source[at] === '\\' ? 2 : 1
  return at + 1
}

const escapeSize = (source: string, at: number): { size: number; next: number } => {
  const property = /^\\[pP](?:\{[^}]*\}|.)/.exec(source.slice(at, at + 64))?.[0]
  return property ? { size: RANGES_OF_A_PROPERTY, next: at + property.length } : { size: 1, next: at + 2 }
}

const atomAt = (source: string, at: number): { size: number; next: number } => {
  if (source[at] === '\\') return escapeSize(source, at)
  if (source[at] !== '[') return { size: 1, next: at + 1 }
  const next = classEnd(source, at)
  const text = source.slice(at, next)
  return { size: 1 + text.length / 8 + RANGES_OF_A_PROPERTY * (text.match(/\\[pP]/g)?.length ?? 0), next }
}

// How many times a repetition writes out what it repeats.
const timesAt = (source: string, at: number): { times: number; next: number } | null => {
  const [text = '', least, most] = REPEAT.exec(source.slice(at, at + 24)) ?? []
  if (text === '') return null
  return { times: Math.max(1, Number(least) + 1, Number(most ?? 0)), next: at + text.length }
}

// About how large a pattern gets once its repetitions are written out, read from its text alone.
export const patternSize = (source: string): number => {
  const levels: Level[] = []
  let level: Level = { before: 0, last: 0 }
  const put = (size: number): void => {
    level = { before: level.before + level.last, last: size }
  }
  for (let at = 0; at < source.length; ) {
    const repeat = timesAt(source, at)
    if (repeat) {
      level.last *= repeat.times
      at = repeat.next
    } else if (source[at] === '(') {
      levels.push(level)
      level = { before: 0, last: 0 }
      at += 1
    } else if (source[at] === ')') {
      const inside = level.before + level.last + 2
      level = levels.pop() ?? { before: 0, last: 0 }
      put(inside)
      at += 1
    } else {
      const atom = atomAt(source, at)
      put(atom.size)
      at = atom.next
    }
  }
  return [...levels, level].reduce((sum, { before, last }) => sum + before + last, 0)
}
