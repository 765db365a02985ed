import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { request } from '@/lib/core/http-client'
import { kernel } from '@/lib/core/kernel'
import { CANDIDATES, type Piece, type Shelf } from './smart-index'

const DEFAULT_BASE = 'https://api.openai.com'
const DEFAULT_MODEL = 'text-embedding-3-small'
const TIMEOUT_MS = 5_000
const MOST_BYTES = 16 * 1_048_576
const BATCH = 64
const MOST_NEW = 512
const MOST_KEPT = 5_000
const MOST_CHARACTERS = 6_000

const Reply = z.object({
  data: z.array(z.object({ index: z.number().int().min(0), embedding: z.array(z.number()).min(1) })),
  usage: z.object({ prompt_tokens: z.number().int().min(0) }).optional(),
})

type Vector = Float32Array

export type Embedding = { model: string; inputTokens: number }

const kept = () => kernel().slot('workspace.embeddings', () => new LRUCache<string, Vector>({ max: MOST_KEPT }))

export const embeddingModel = (): string | null => {
  const { CLASPER_EMBEDDING_PROVIDER, CLASPER_EMBEDDING_MODEL } = kernel().env
  if (CLASPER_EMBEDDING_PROVIDER === 'none') return null
  return CLASPER_EMBEDDING_MODEL === '' ? DEFAULT_MODEL : CLASPER_EMBEDDING_MODEL
}

const ask = async (model: string, input: readonly string[], signal: AbortSignal) => {
  const { LLM_BASE_URL_OPENAI, OPENAI_API_KEY } = kernel().env
  const base = (LLM_BASE_URL_OPENAI === '' ? DEFAULT_BASE : LLM_BASE_URL_OPENAI).replace(/\/+$/, '')
  const reply = await request({
    method: 'POST',
    url: `${base}/v1/embeddings`,
    timeoutMs: TIMEOUT_MS,
    maxBytes: MOST_BYTES,
    signal,
    breaker: 'embeddings',
    headers: {
      'content-type': 'application/json',
      ...(OPENAI_API_KEY === '' ? {} : { authorization: `Bearer ${OPENAI_API_KEY}` }),
    },
    body: JSON.stringify({ model, input }),
  })
  if (reply.status !== 200) throw new Error(`The embedding endpoint answered ${reply.status}`)
  const { data, usage } = Reply.parse(reply.json())
  if (new Set(data.map(({ index }) => index)).size !== input.length) throw new Error('An embedding is missing')
  return { data, tokens: usage?.prompt_tokens ?? Math.ceil(input.join('').length / 4) }
}

const keyOf = (model: string, text: string): string =>
  `${model} ${createHash('sha256').update(text).digest('base64url')}`

const textOf = ({ title, text }: Piece): string => `${title}\n\n${text}`.slice(0, MOST_CHARACTERS)

// Only texts that nobody asked about before cost anything.
const embed = async (model: string, texts: readonly string[], signal: AbortSignal): Promise<number> => {
  const missing = [...new Set(texts)].filter((text) => !kept().has(keyOf(model, text))).slice(0, MOST_NEW)
  let tokens = 0
  for (let at = 0; at < missing.length; at += BATCH) {
    const batch = missing.slice(at, at + BATCH)
    const answer = await ask(model, batch, signal)
    tokens += answer.tokens
    for (const { index, embedding } of answer.data) {
      const text = batch[index]
      if (text !== undefined) kept().set(keyOf(model, text), Float32Array.from(embedding))
    }
  }
  return tokens
}

const cosine = (a: Vector, b: Vector): number => {
  if (a.length !== b.length) return 0
  let dot = 0
  let left = 0
  let right = 0
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? 0
    const y = b[i] ?? 0
    dot += x * y
    left += x * x
    right += y * y
  }
  return left === 0 || right === 0 ? 0 : dot / Math.sqrt(left * right)
}

const ranked = (shelf: Shelf, model: string, query: Vector): string[] =>
  [...shelf.pieces.values()]
    .flatMap((piece) => {
      const vector = kept().get(keyOf(model, textOf(piece)))
      return vector ? [{ id: piece.id, score: cosine(query, vector) }] : []
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, CANDIDATES)
    .map(({ id }) => id)

export const embedShelves = async (
  model: string,
  shelves: readonly Shelf[],
  signal: AbortSignal,
): Promise<Embedding> => {
  const texts = shelves.flatMap((shelf) => [...shelf.pieces.values()].map(textOf))
  return { model, inputTokens: await embed(model, texts, signal) }
}

export const searchMeaning = async (
  model: string,
  shelves: readonly Shelf[],
  message: string,
  signal: AbortSignal,
): Promise<{ lists: string[][]; embedding: Embedding }> => {
  const query = message.slice(0, MOST_CHARACTERS)
  const asked = await embed(model, [query], signal)
  const { inputTokens } = await embedShelves(model, shelves, signal)
  const vector = kept().get(keyOf(model, query)) ?? new Float32Array()
  const lists = shelves.map((shelf) => ranked(shelf, model, vector))
  return { lists, embedding: { model, inputTokens: asked + inputTokens } }
}
