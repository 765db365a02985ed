// Levenshtein with two rows.
export const editDistance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const kept = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(kept, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

// The id may be right and the provider wrong, so a name is as near as its nearest half.
export const nearestNames = (wanted: string, names: readonly string[], most = 5): string[] => {
  const text = wanted.toLowerCase()
  const bare = text.slice(text.indexOf('/') + 1)
  const distance = (name: string) => {
    const id = name.slice(name.indexOf('/') + 1)
    return Math.min(editDistance(text, name), editDistance(bare, id) + (text.includes('/') ? 0.5 : 0))
  }
  return names
    .map((name) => ({ name, far: distance(name.toLowerCase()) }))
    .filter(({ far }) => far <= Math.max(3, text.length / 2))
    .sort((a, b) => a.far - b.far || a.name.localeCompare(b.name))
    .slice(0, most)
    .map(({ name }) => name)
}
