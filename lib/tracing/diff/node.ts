// One step of a run, ours or somebody else's, as the comparison sees it. Nodes stand parents first.
export type DiffNode = {
  spanId: string | null
  // Index of the node above it, or -1.
  parent: number
  kind: string
  // What it is, and what readers are told that it is.
  name: string
  label: string
  status: 'ok' | 'error' | 'denied'
  // Siblings of one number ran side by side.
  group: number | null
  // It was asked because the one before it failed.
  isRetry: boolean
  // Equal keys mean equal contents; null is none.
  keys: { arguments: string | null; result: string | null; text: string | null }
  // The contents themselves, where they were loaded.
  body: DiffBody | null
  // Model, provider and the like: short words that no person wrote.
  facts: Readonly<Record<string, string | null>>
  callId: string | null
  durationMs: number
  costMicroUsd: number
  inputTokens: number
  outputTokens: number
}

export type DiffBody = { arguments?: unknown; result?: unknown; text?: string }

// One step of the one against one of the other, or one that stands alone.
export type Match = {
  base: number | null
  compare: number | null
  // Both stand in the same order as the matches around them.
  isInOrder: boolean
  // Out of order, but only among siblings that ran side by side.
  isReordered: boolean
  // One attempt more of what the other did with fewer.
  isRetry: boolean
}
