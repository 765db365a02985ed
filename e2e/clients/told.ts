import { z } from 'zod'
import { SpanPage, type SpanRow } from '@/lib/tracing/contract'
import { FAILED, FIRST, FOUND, SECOND, SERVED } from './scenario.mjs'

type Tokens = { uncached: number; cached: number; written: number; out: number; reasoning: number }

export type ToldSpan = {
  kind: string
  below: string | null
  tool: string | null
  isFailed: boolean
  provider: string | null
  model: string | null
  counted: Tokens | null
}

const Row = z.object({
  id: z.string(),
  session_key: z.string().nullable(),
  user_id: z.string().nullable(),
  usage: z.object({ input_tokens: z.number(), output_tokens: z.number(), cache_read_tokens: z.number() }),
  total_cost_micro_usd: z.number(),
  span_count: z.number(),
  error_count: z.number(),
  tool_call_count: z.number(),
})

const List = z.object({ traces: z.array(Row) })

export type Get = (path: string) => Promise<unknown>

const inOrder = (spans: readonly ToldSpan[]): readonly ToldSpan[] =>
  spans.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))

const countedOf = ({ tokens, is_counting }: SpanRow): Tokens | null =>
  tokens === null || !is_counting
    ? null
    : {
        uncached: tokens.in_uncached ?? 0,
        cached: tokens.cache_read ?? 0,
        written: tokens.cache_write ?? 0,
        out: tokens.out_visible ?? 0,
        reasoning: tokens.reasoning ?? 0,
      }

const readSpans = async (get: Get, id: string): Promise<readonly ToldSpan[]> => {
  const { spans } = SpanPage.parse(await get(`/traces/${id}/spans`))
  const kinds = new Map(spans.map((span) => [span.id, span.kind]))
  return inOrder(
    spans.map((span) => ({
      kind: span.kind,
      below: span.parent_id === null ? null : (kinds.get(span.parent_id) ?? 'what never came'),
      tool: span.tool_name,
      isFailed: span.status === 'error',
      provider: span.provider,
      model: span.model,
      counted: countedOf(span),
    })),
  )
}

/** The traces of a project as this server tells them to everybody. Clients date to the millisecond: no order in it. */
export const readTold = async (get: Get) => {
  const { traces } = List.parse(await get('/traces?limit=100'))
  const sorted = traces.toSorted((a, b) => (a.session_key ?? '').localeCompare(b.session_key ?? ''))
  return Promise.all(sorted.map(async ({ id, ...row }) => ({ ...row, spans: await readSpans(get, id) })))
}

// What a client has no words for, and what stands there instead.
export type Silence = { root?: Partial<ToldSpan>; provider?: null; cached?: 0 }

const NOTHING = { tool: null, isFailed: false, provider: null, model: null, counted: null }

/** The scenario as it should be told. */
export const expectedOf = ({ root, provider, cached }: Silence) => {
  const top: ToldSpan = { kind: 'agent', below: null, ...NOTHING, ...root }
  const chat = (usage: typeof FIRST): ToldSpan => {
    const read = cached ?? usage.cached
    const counted = { uncached: usage.input - read, cached: read, written: 0, out: usage.output, reasoning: 0 }
    const by = provider === null ? null : 'openai'
    return { kind: 'inference', below: top.kind, ...NOTHING, provider: by, model: SERVED, counted }
  }
  const tool = (name: string): ToldSpan => ({ kind: 'tool', below: top.kind, ...NOTHING, tool: name })
  return {
    user_id: 'ada',
    usage: { input_tokens: 280, output_tokens: 50, cache_read_tokens: cached ?? 100 },
    total_cost_micro_usd: cached === 0 ? 1200 : 1075,
    span_count: 5,
    error_count: 1,
    tool_call_count: 2,
    spans: inOrder([top, chat(FIRST), tool(FOUND.name), { ...tool(FAILED.name), isFailed: true }, chat(SECOND)]),
  }
}
