import type { ToolSpec } from '@/lib/shared/chat'

export type Arguments = Readonly<Record<string, unknown>>

export type ToolSource = 'built-in' | 'backend' | 'skill' | 'mcp'

// What a tool learns of the run that calls it.
export type ToolRun = { key: string; taskId: string | null; signal: AbortSignal }

export type ToolResult = {
  value: unknown
  isError?: boolean
  // What the model reads instead of the value, as it is.
  told?: string
  // Set where the tool itself was not asked.
  answeredBy?: 'recording' | 'simulation'
}

export type Tool = ToolSpec & {
  source: ToolSource
  // Calling it changes nothing anywhere, or so its maker says.
  isReadOnly: boolean
  run(args: Arguments, run: ToolRun): Promise<ToolResult>
}

// Stands between a call that was permitted and checked, and the tool itself.
export type Between = (
  tool: Pick<Tool, 'name' | 'source' | 'isReadOnly'>,
  args: Arguments,
  real: () => Promise<ToolResult>,
) => Promise<ToolResult>

// A reason that the model may read, as it is.
export class ToolFault extends Error {
  override readonly name = 'ToolFault'
}
