import { stableJson } from '@/lib/shared/stable-json'
import { hashOfText } from '../bodies'

const SHORT = 64

// Equal for equal contents; null is none.
export const keyOf = (value: unknown): string | null => {
  if (value === undefined || value === null) return null
  const text = stableJson(value)
  return text.length <= SHORT ? text : hashOfText(text)
}
