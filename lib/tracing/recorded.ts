import { LRUCache } from 'lru-cache'
import { kernel } from '@/lib/core/kernel'
import { redactText } from '@/lib/core/redact'
import type { Cleaner } from '@/lib/core/redaction/tenant'
import type { Scope } from '@/lib/core/scope'
import type { CommandWrite } from '@/lib/core/writer'
import { bodyWrites, type Packed, packText, readBodies } from './bodies'
import { linkBodies } from './sql-bodies'

type Json = Record<string, unknown>

export type TraceInputs = { system_prompt?: string; tools?: unknown; messages?: readonly object[] }

const LONG = 1_024
const PROMPTS = { max: 500, maxSize: 8_000_000, sizeCalculation: (text: string) => text.length + 1, ttl: 600_000 }
// Cleaning up leaves bodies that were used within the hour, so what was committed lately is there.
const LATELY = { max: 10_000, ttl: 600_000 }

// Runs of one workspace are given the same prompt, the longest text of all, so it is looked through once.
const redactedPrompt = (cleaner: Cleaner, prompt: string): string => {
  if (cleaner.isOwn()) return cleaner.text(prompt)
  const known = kernel().slot('tracing.prompts', () => new LRUCache<string, string>(PROMPTS))
  const found = known.get(prompt)
  if (found !== undefined) return found
  const clean = redactText(prompt)
  known.set(prompt, clean)
  return clean
}

export const committedBodies = () => kernel().slot('tracing.committed-bodies', () => new LRUCache<string, true>(LATELY))

type Shelf = { put(text: string): string; all(): readonly Packed[] }

const newShelf = (): Shelf => {
  const held = new Map<string, Packed>()
  return {
    put: (text) => {
      const packed = packText(text)
      held.set(packed.hash, packed)
      return packed.hash
    },
    all: () => [...held.values()],
  }
}

const shelved = (message: object, shelf: Shelf): object => {
  const { content } = message as { content?: unknown }
  if (typeof content !== 'string' || content.length < LONG) return message
  return { ...message, content: null, content_body: shelf.put(content) }
}

export type StoredInputs = { text: string; writes: readonly CommandWrite[]; committed(): void }

// What a run was given, redacted, with its long texts put aside: runs of one workspace and one conversation share them.
export const storeInputs = (scope: Scope, traceId: string, inputs: TraceInputs): StoredInputs => {
  const { system_prompt: prompt, ...others } = inputs
  const { tools, messages, ...rest } = scope.redaction.value(others) as TraceInputs
  const shelf = newShelf()
  const listed = tools === undefined ? undefined : JSON.stringify(tools)
  const clean = prompt === undefined ? undefined : redactedPrompt(scope.redaction, prompt)
  const text = JSON.stringify({
    ...rest,
    ...(messages === undefined ? {} : { messages: messages.map((message) => shelved(message, shelf)) }),
    bodies: {
      ...(clean === undefined ? {} : { system_prompt: shelf.put(clean) }),
      ...(listed === undefined ? {} : { tools: shelf.put(listed) }),
    },
  })
  const bodies = shelf.all()
  const keyOf = ({ hash }: Packed) => `${scope.tenantId} ${hash}`
  const fresh = bodies.filter((body) => !committedBodies().has(keyOf(body)))
  const links = bodies.map(({ hash }) => ({ trace: traceId, hash }))
  return {
    text,
    writes: links.length === 0 ? [] : [...bodyWrites(scope, fresh), { statement: linkBodies, rows: links }],
    committed: () => {
      for (const body of fresh) committedBodies().set(keyOf(body), true)
    },
  }
}

const bodyOf = (message: Json): string[] =>
  typeof message['content_body'] === 'string' ? [message['content_body']] : []

type Parsed = { bodies?: Record<string, string>; inputs: Json; messages: readonly Json[] }

const parsedOf = (stored: string | null | undefined): Parsed => {
  const { bodies, ...inputs } = (stored ? JSON.parse(stored) : {}) as Json & { bodies?: Record<string, string> }
  return { ...(bodies ? { bodies } : {}), inputs, messages: (inputs['messages'] ?? []) as Json[] }
}

const hashesIn = ({ bodies, messages }: Parsed): string[] => [
  ...Object.values(bodies ?? {}),
  ...messages.flatMap(bodyOf),
]

// What is gone by retention reads as null.
const putBack = ({ bodies, inputs, messages }: Parsed, texts: ReadonlyMap<string, string>): Json => {
  const found = (hash: string | undefined) => (hash === undefined ? undefined : (texts.get(hash) ?? null))
  const prompt = found(bodies?.['system_prompt'])
  const tools = found(bodies?.['tools'])
  return {
    ...inputs,
    ...(inputs['messages'] === undefined
      ? {}
      : {
          messages: messages.map(({ content_body: hash, ...message }) =>
            typeof hash === 'string' ? { ...message, content: found(hash) } : message,
          ),
        }),
    ...(prompt === undefined ? {} : { system_prompt: prompt }),
    ...(tools === undefined ? {} : { tools: tools === null ? null : JSON.parse(tools) }),
  }
}

// All their texts in one reading.
export const readManyInputs = async (
  scope: Pick<Scope, 'rows'>,
  stored: readonly (string | null | undefined)[],
): Promise<Json[]> => {
  const all = stored.map(parsedOf)
  const texts = await readBodies(scope, all.flatMap(hashesIn))
  return all.map((parsed) => putBack(parsed, texts))
}

export const readInputs = async (scope: Pick<Scope, 'rows'>, stored: string | null | undefined): Promise<Json> =>
  (await readManyInputs(scope, [stored]))[0] ?? {}
