export type Overflow = 'message' | 'total'

type Lines = {
  // What the chunk completes; null where too much has come.
  take(chunk: Buffer): readonly string[] | Overflow
  reset(): void
}

/** Chunks into lines, within bounds: of one line, and of all since the last reset. */
export const lineReader = (mostOfOne: number, mostInAll: number): Lines => {
  let parts: Buffer[] = []
  let open = 0
  let total = 0
  const finish = (end: Buffer): string => {
    const text = Buffer.concat([...parts, end]).toString('utf8')
    parts = []
    open = 0
    return text.endsWith('\r') ? text.slice(0, -1) : text
  }
  return {
    reset: () => {
      total = 0
    },
    take: (chunk) => {
      total += chunk.length
      if (total > mostInAll) return 'total'
      const lines: string[] = []
      let from = 0
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        if (open + at - from > mostOfOne) return 'message'
        lines.push(finish(chunk.subarray(from, at)))
        from = at + 1
      }
      const rest = chunk.subarray(from)
      open += rest.length
      if (open > mostOfOne) return 'message'
      if (rest.length > 0) parts.push(rest)
      return lines
    },
  }
}
