import MiniSearch from 'minisearch'
import type { FileSkill } from '@/lib/skills'
import { chunkText } from './chunk-text'
import { isDay } from './file-kind'

export type Piece = { id: string; title: string; text: string }

export type Shelf = { pieces: ReadonlyMap<string, Piece>; words: MiniSearch<Piece> }

export type SmartIndex = { skills: Shelf; memory: Shelf; builtAt: Date }

export const CANDIDATES = 30
const MOST_QUERY_CHARACTERS = 8_000
const MOST_QUERY_WORDS = 64
const MOST_SKILL_CHARACTERS = 6_000

// Letters and digits make words; whatever else somebody types has no meaning to the index.
export const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? []

const shelfOf = (pieces: readonly Piece[]): Shelf => {
  const words = new MiniSearch<Piece>({ fields: ['title', 'text'], tokenize: wordsOf, processTerm: (term) => term })
  words.addAll(pieces)
  return { pieces: new Map(pieces.map((piece) => [piece.id, piece])), words }
}

const skillPiece = ({ name, description, body }: FileSkill): Piece => ({
  id: name,
  title: `${name} ${description}`,
  text: body.slice(0, MOST_SKILL_CHARACTERS),
})

const MOST_DAYS = 400

// Long-term memory and the latest days of it.
const memoryIn = (texts: ReadonlyMap<string, string>): (readonly [string, string])[] => {
  const days = [...texts].filter(([path]) => isDay(path)).sort(([a], [b]) => (a < b ? -1 : 1))
  const long = texts.get('MEMORY.md')
  return [...(long === undefined ? [] : [['MEMORY.md', long] as const]), ...days.slice(-MOST_DAYS)]
}

const memoryPieces = (texts: ReadonlyMap<string, string>): Piece[] =>
  memoryIn(texts).flatMap(([path, text]) =>
    chunkText(text).map((chunk, at) => ({ id: `${path}#${at}`, title: path, text: chunk })),
  )

export const buildIndex = (
  skills: readonly FileSkill[],
  texts: ReadonlyMap<string, string>,
  builtAt: Date,
): SmartIndex => ({
  skills: shelfOf(skills.filter((skill) => skill.isVisible).map(skillPiece)),
  memory: shelfOf(memoryPieces(texts)),
  builtAt,
})

// BM25 over the words of the message, any of which may match.
export const searchWords = (shelf: Shelf, message: string): string[] => {
  const words = [...new Set(wordsOf(message.slice(0, MOST_QUERY_CHARACTERS)))].slice(0, MOST_QUERY_WORDS)
  if (words.length === 0) return []
  const found = shelf.words.search(words.join(' '), { combineWith: 'OR', boost: { title: 2 } })
  return found.slice(0, CANDIDATES).map((hit) => String(hit.id))
}
