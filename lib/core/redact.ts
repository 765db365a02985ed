// The door that every text passes on its way into logs, audit and error replies.
const RULES: readonly (readonly [RegExp, string])[] = [
  [/\bclk_[A-Za-z0-9]{4,16}_[A-Za-z0-9_-]{20,}/g, '[API_KEY]'],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*){0,2}/g, '[JWT]'],
  [/\bBearer\s+[A-Za-z0-9._~+/=-]{12,}/gi, 'Bearer [REDACTED]'],
  [/\b(?:sk|pk)-[A-Za-z0-9_-]{20,}/g, '[API_KEY]'],
  [/(\/\/[^/:@\s]{1,200}:)[^@/\s]{1,200}@/g, '$1[REDACTED]@'],
]

export const redactText = (text: string): string =>
  RULES.reduce((current, [pattern, mask]) => current.replace(pattern, mask), text)

export const redactValue = (value: unknown, depth = 0): unknown => {
  if (typeof value === 'string') return redactText(value)
  if (typeof value !== 'object' || value === null || depth > 12) return value
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1))
  if ('toJSON' in value) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactValue(item, depth + 1)]))
}
