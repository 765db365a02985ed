export type Numbering = (text: string) => number

// Equal texts get equal numbers, in the order of their first coming.
export const newNumbering = (): Numbering => {
  const known = new Map<string, number>()
  return (text) => {
    const found = known.get(text) ?? known.size
    if (found === known.size) known.set(text, found)
    return found
  }
}
