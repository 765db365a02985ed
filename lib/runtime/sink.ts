type Ids = { trace_id: string; execution_id: string; task_id: string | null }

// Where a run tells what it does while it does it.
export type Sink = {
  opened(ids: Ids): void
  text?: (delta: string) => Promise<void>
  // What comes next is another text than what came so far.
  nextText?: () => Promise<void>
  toolCall(about: { id: string; name: string; permitted: boolean }): Promise<void>
  toolResult(about: { id: string; name: string; success: boolean; duration_ms: number }): Promise<void>
}

const nothing = async () => undefined

// For callers who wait for the whole answer.
export const SILENT: Sink = { opened: () => undefined, toolCall: nothing, toolResult: nothing }
