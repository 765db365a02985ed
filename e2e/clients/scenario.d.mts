type Call = { name: string; id: string; arguments: Readonly<Record<string, unknown>> }

export const SERVED: string
export const FIRST: { input: number; cached: number; output: number }
export const SECOND: { input: number; cached: number; output: number }
export const FOUND: Call & { result: unknown }
export const FAILED: Call & { error: string }
