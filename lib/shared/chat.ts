// The words that runtime, providers, tools and traces share. `system` between other entries is delivered in place.
export type ToolCall = { id: string; name: string; arguments: Record<string, unknown> }

export type ChatMessage =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string; tool_calls?: readonly ToolCall[] }
  | { role: 'tool'; tool_call_id: string; name: string; content: string; is_error: boolean }

// What a model is told about a tool. `parameters` is a JSON Schema of an object.
export type ToolSpec = { name: string; description: string; parameters: Record<string, unknown> }

// Four buckets that never overlap: their sum is what was processed. Of the output, `reasoning` was thought and not said.
export type Usage = { input: number; output: number; cacheRead: number; cacheWrite: number; reasoning?: number }

export const NO_USAGE: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }

export const addUsage = (a: Usage, b: Usage): Usage => ({
  input: a.input + b.input,
  output: a.output + b.output,
  cacheRead: a.cacheRead + b.cacheRead,
  cacheWrite: a.cacheWrite + b.cacheWrite,
  ...(a.reasoning === undefined && b.reasoning === undefined
    ? {}
    : { reasoning: (a.reasoning ?? 0) + (b.reasoning ?? 0) }),
})

const FOREIGN = /[^\p{ASCII}]/gu

// A bound rather than a guess: scripts beyond ASCII need a token for a character, or more.
export const boundTokens = (text: string): number => {
  const foreign = text.match(FOREIGN)?.length ?? 0
  return Math.ceil((text.length - foreign) / 4) + Math.ceil(foreign * 1.5)
}

// Four characters to a token, each part rounded up by itself.
export const estimateTokens = (text: string): number => Math.ceil(text.length / 4)
