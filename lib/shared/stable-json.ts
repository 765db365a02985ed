// Object keys sorted at every depth, no spaces, arrays in order: the one form that every hash is taken over.
export const stableJson = (value: unknown): string => {
  if (value === null || typeof value !== 'object') return scalar(value)
  if (Array.isArray(value))
    return `[${value.map((item) => (item === undefined ? 'null' : stableJson(item))).join(',')}]`
  if (hasToJson(value)) return stableJson(value.toJSON())
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${stableJson(item)}`).join(',')}}`
}

const scalar = (value: unknown): string => {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('a number must be finite')
  return JSON.stringify(value) ?? 'null'
}

const hasToJson = (value: object): value is { toJSON: () => unknown } =>
  'toJSON' in value && typeof value.toJSON === 'function'
