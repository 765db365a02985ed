// What a command of `clasper` is. Each file in commands/ exports one of these; main.ts keeps the list.
export type Command = {
  name: string
  usage: string
  summary: string
  hidden?: boolean
  run: (args: readonly string[], terminal: Terminal) => Promise<number>
}

export type Terminal = {
  out: (line: string) => void
  err: (line: string) => void
  cwd: string
}

// Exit codes: 0 done, 1 the answer is no or the work failed, 2 the command line is wrong.
export const DONE = 0
export const FAILED = 1
export const MISUSED = 2

export class UsageError extends Error {
  override readonly name = 'UsageError'
}
