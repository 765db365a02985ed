import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { estimateTokens } from '@/lib/shared/chat'
import type { FileSkill } from '@/lib/skills'
import { embeddingModel, searchMeaning } from './embeddings'
import type { FolderBundle } from './folder-bundle'
import { fuseRanks } from './fuse-ranks'
import { buildIndex, type Piece, type SmartIndex, searchWords } from './smart-index'

// The keys of a run's metadata that speak of this.
export type SmartWishes = {
  skipSmartContext?: boolean | undefined
  forceIncludeSkills?: readonly string[] | undefined
  smart_context_max_skills?: number | undefined
  smart_context_max_memory?: number | undefined
  smart_context_token_budget?: number | undefined
}

export type SmartNotes = {
  skills: readonly string[]
  memory: readonly string[]
  // Set when everything was sent instead of a choice, and why.
  fallback?: string
  embedding?: { model: string; input_tokens: number }
  embedding_error?: string
  unknown_skills?: readonly string[]
}

export type Selection = { skills: readonly FileSkill[]; memory: readonly Piece[]; notes: SmartNotes }

const MOST_SKILLS = 64
const MOST_MEMORY = 100

const limitOf = (wish: number | undefined, setting: number, most: number): number =>
  wish !== undefined && Number.isInteger(wish) && wish >= 0 ? Math.min(wish, most) : setting

const limitsOf = (wishes: SmartWishes) => {
  const { env } = kernel()
  return {
    skills: limitOf(wishes.smart_context_max_skills, env.CLASPER_SMART_CONTEXT_MAX_SKILLS, MOST_SKILLS),
    memory: limitOf(wishes.smart_context_max_memory, env.CLASPER_SMART_CONTEXT_MAX_MEMORY, MOST_MEMORY),
    tokens: limitOf(wishes.smart_context_token_budget, env.CLASPER_SMART_CONTEXT_MAX_TOKENS, 1_000_000),
  }
}

export const indexOf = (bundle: FolderBundle, now: Date): SmartIndex => {
  bundle.smart.index ??= buildIndex(bundle.skills, bundle.texts, now)
  return bundle.smart.index
}

type Ranking = { skills: string[]; memory: string[]; notes: Pick<SmartNotes, 'embedding' | 'embedding_error'> }

// Meaning is a help, not a need: when the endpoint fails the words decide alone, and the notes say so.
const rank = async (scope: Scope, index: SmartIndex, message: string): Promise<Ranking> => {
  const words = [searchWords(index.skills, message), searchWords(index.memory, message)] as const
  const model = embeddingModel()
  const shelves = [index.skills, index.memory]
  if (model === null || shelves.every(({ pieces }) => pieces.size === 0)) {
    return { skills: words[0], memory: words[1], notes: {} }
  }
  try {
    const { lists, embedding } = await searchMeaning(model, shelves, message, scope.signal)
    return {
      skills: fuseRanks([words[0], lists[0] ?? []]),
      memory: fuseRanks([words[1], lists[1] ?? []]),
      notes: { embedding: { model: embedding.model, input_tokens: embedding.inputTokens } },
    }
  } catch (error) {
    scope.log.warn('embeddings failed', { error })
    return { skills: words[0], memory: words[1], notes: { embedding_error: 'The embedding endpoint failed' } }
  }
}

// What always comes counts too; the rest is taken in order of rank while it fits.
const budget = (tokens: number) => {
  let left = tokens === 0 ? Number.POSITIVE_INFINITY : tokens
  return {
    spend: (text: string): void => {
      left -= estimateTokens(text)
    },
    takes: (text: string): boolean => {
      const cost = estimateTokens(text)
      if (cost > left) return false
      left -= cost
      return true
    },
  }
}

const present = <T>(items: readonly (T | undefined)[]): T[] => items.filter((item): item is T => item !== undefined)

// The same choice again, as far as these files still have it.
export const recallContext = (bundle: FolderBundle, notes: SmartNotes): Selection => {
  const visible = new Map(bundle.skills.filter(({ isVisible }) => isVisible).map((skill) => [skill.name, skill]))
  const { pieces } = indexOf(bundle, kernel().clock.now()).memory
  return {
    skills: present(notes.skills.map((name) => visible.get(name))),
    memory: present(notes.memory.map((id) => pieces.get(id))),
    notes,
  }
}

export const selectContext = async (
  scope: Scope,
  bundle: FolderBundle,
  message: string,
  wishes: SmartWishes,
): Promise<Selection> => {
  const ranking = await rank(scope, indexOf(bundle, scope.clock.now()), message)
  const limits = limitsOf(wishes)
  const visible = bundle.skills.filter((skill) => skill.isVisible)
  const byName = new Map(visible.map((skill) => [skill.name, skill]))
  const forced = wishes.forceIncludeSkills ?? []
  const certain = visible.filter((skill) => skill.always || forced.includes(skill.name))
  const room = budget(limits.tokens)
  for (const skill of certain) room.spend(skill.body)
  const chosen = present(ranking.skills.slice(0, limits.skills + certain.length).map((name) => byName.get(name)))
    .filter((skill) => !certain.includes(skill))
    .slice(0, limits.skills)
    .filter((skill) => room.takes(skill.body))
  const { pieces } = indexOf(bundle, scope.clock.now()).memory
  const memory = present(ranking.memory.slice(0, limits.memory).map((id) => pieces.get(id))).filter((piece) =>
    room.takes(piece.text),
  )
  const unknown = forced.filter((name) => !byName.has(name))
  const skills = [...certain, ...chosen]
  const notes: SmartNotes = {
    skills: skills.map(({ name }) => name),
    memory: memory.map(({ id }) => id),
    ...ranking.notes,
    ...(unknown.length > 0 ? { unknown_skills: unknown } : {}),
  }
  return { skills, memory, notes }
}
