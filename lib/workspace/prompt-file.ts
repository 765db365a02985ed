// One file of the prompt: how it is told of, and what came of it.
export type PromptFile = {
  path: string
  raw: string | undefined
  text: string
  state: 'absent' | 'unused' | 'whole' | 'cut' | 'omitted'
}

export type StablePrompt = {
  text: string
  files: readonly PromptFile[]
  truncated: readonly string[]
  omitted: readonly string[]
  skillForm: 'none' | 'block' | 'catalog'
}
