import type { DiffNode } from './node'

// What a run was given, as far as it is still kept.
export type Given = {
  systemPrompt: string
  message: string
  history: readonly unknown[]
  parameters: Readonly<Record<string, unknown>>
  // By name.
  tools: ReadonlyMap<string, unknown>
}

// All of one trace that a comparison looks at.
export type DiffSide = {
  id: string
  tenantId: string
  workspaceId: string
  agentRole: string | null
  isPartial: boolean
  durationMs: number | null
  model: string
  provider: string
  workspaceHash: string | null
  skillVersions: Readonly<Record<string, string>>
  inputTokens: number
  outputTokens: number
  costMicroUsd: number
  stepCount: number
  hasError: boolean
  // As this reader may see it.
  error: string | null
  given: Given | null
  output: string | null
  nodes: readonly DiffNode[]
}

export type FileChange = {
  path: string
  status: 'added' | 'removed' | 'modified'
  lines_added: number
  lines_removed: number
}
