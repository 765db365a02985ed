import { storable } from './any-value'

const SUSPECT = /\\u(?:0000|[dD][89a-fA-F])/

export const BROKEN = Symbol('broken')

const cleaned = (_: string, value: unknown): unknown => (typeof value === 'string' ? storable(value) : value)

// JSON within an attribute; many clients write objects so.
export const parsedJson = (text: string): unknown => {
  try {
    return SUSPECT.test(text) ? JSON.parse(text, cleaned) : JSON.parse(text)
  } catch {
    return BROKEN
  }
}

export const looksLikeJson = (text: string): boolean => /^\s*[[{]/.test(text)

// Objects and lists as themselves, however they were sent; any other text stays a text.
export const unpacked = (value: unknown): unknown => {
  if (typeof value !== 'string' || !looksLikeJson(value)) return value
  const parsed = parsedJson(value)
  return parsed === BROKEN ? value : parsed
}

export const isBroken = (value: unknown): boolean =>
  typeof value === 'string' && looksLikeJson(value) && parsedJson(value) === BROKEN

export const asRecord = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null
