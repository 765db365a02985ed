const K = 60

// Reciprocal rank fusion: what stands high in several lists beats what stands highest in one.
export const fuseRanks = (lists: readonly (readonly string[])[]): string[] => {
  const scores = new Map<string, number>()
  for (const list of lists)
    for (const [at, id] of list.entries()) scores.set(id, (scores.get(id) ?? 0) + 1 / (K + at + 1))
  return [...scores].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([id]) => id)
}
