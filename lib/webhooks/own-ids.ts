const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value)

const isIdKey = (key: string): boolean => key === 'id' || key.endsWith('_id')

const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : []

/** What the caller sent, redacted, but with its own ids as they were: it must find again what they name. */
export const withOwnIds = (clean: unknown, sent: unknown): unknown => {
  const known = new Map(entriesOf(sent))
  if (known.size === 0) return clean
  if (Array.isArray(clean)) return clean.map((item, n) => withOwnIds(item, known.get(String(n))))
  if (typeof clean !== 'object' || clean === null) return clean
  return Object.fromEntries(
    Object.entries(clean).map(([key, value]) => {
      const own = known.get(key)
      return [key, isIdKey(key) && isScalar(own) ? own : withOwnIds(value, own)]
    }),
  )
}
