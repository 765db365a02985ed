import type { TraceSummary } from './contract'
import type { Term } from './search-query'

type Snippet = NonNullable<TraceSummary['snippet']>

const AROUND = 90
const WIDEST = 240

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, (sign) => `\\${sign}`)

// Between the words of a phrase any signs may stand, as in the index.
const patternOf = ({ text, isPrefix }: Term): string => {
  const words = text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  return words.map(escaped).join('[^\\p{L}\\p{N}]{1,20}') + (isPrefix ? '' : '(?![\\p{L}\\p{N}])')
}

const partsIn = (text: string, pattern: RegExp): Snippet => {
  const parts: Snippet = []
  let at = 0
  for (const match of text.matchAll(pattern)) {
    if (match.index > at) parts.push({ text: text.slice(at, match.index), is_match: false })
    parts.push({ text: match[0], is_match: true })
    at = match.index + match[0].length
  }
  if (at < text.length) parts.push({ text: text.slice(at), is_match: false })
  return parts
}

// Half a surrogate pair at an end is no character.
const trimmed = (text: string): string => text.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '')

/** The part of a text around the first place where it holds one of the words, with the words marked. */
export const snippetOf = (text: string, terms: readonly Term[]): Snippet => {
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${terms.map(patternOf).join('|')})`, 'giu')
  const first = pattern.exec(text)
  pattern.lastIndex = 0
  const from = first === null ? 0 : Math.max(0, first.index - AROUND)
  const cut = trimmed(text.slice(from, from + WIDEST))
    .replace(/\s+/g, ' ')
    .trim()
  const before = from > 0 ? '… ' : ''
  const after = from + WIDEST < text.length ? ' …' : ''
  return partsIn(`${before}${cut}${after}`, pattern)
}
