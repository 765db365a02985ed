import { masked } from './masking'
import { isCard } from './numbers'
import { newScan, scanOn } from './scan'

const SHORTEST = 5

export const spansOf = (text: string) => {
  if (text.length < SHORTEST) return []
  const scan = newScan(text, true)
  scanOn(scan)
  return scan.spans
}

export const redactText = (text: string): string => masked(text, spansOf(text))

// How texts and numbers are looked at: with the rules of the house, or with those of a tenant.
export type Look = {
  text(text: string): string
  number(value: number): unknown
  secret: string
  // No pattern of a tenant's own: names made of letters alone hold nothing.
  skipsPlainKeys: boolean
}

const SECRET_KEY =
  /(?:passwords?|passwd|passphrase|password-?hash|secrets?|token|authorization|(?:api|private|access|account|daemon)-?key|cookies?|credentials?|(?:^|-)(?:pwd|pass|jwt|session))$/

const isSecretKey = (key: string): boolean =>
  key.length >= 3 &&
  SECRET_KEY.test(
    key
      .replaceAll(/([a-z\d])([A-Z])/g, '$1-$2')
      .replaceAll(/[_\s]/g, '-')
      .toLowerCase(),
  )

const TOO_DEEP = '[TOO DEEP]'
const MAX_DEPTH = 200

const SCHEMA_TYPES: readonly unknown[] = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']

const SCHEMA_KEYS: readonly string[] = [
  ...['type', 'title', 'description', 'format', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'nullable'],
  ...['properties', 'required', 'additionalProperties', 'items', 'minItems', 'maxItems', 'uniqueItems', '$ref'],
  ...['readOnly', 'writeOnly', 'deprecated'],
]

// The description of a field named password is no password; what has a value besides its type is.
const isSchema = (value: object): boolean =>
  'type' in value && SCHEMA_TYPES.includes(value.type) && Object.keys(value).every((key) => SCHEMA_KEYS.includes(key))

export const isCardNumber = (value: number): boolean =>
  Number.isSafeInteger(value) && value >= 1e14 && isCard(String(value))

const PLAIN_LOOK: Look = {
  text: redactText,
  number: (value) => (isCardNumber(value) ? '[CREDIT_CARD]' : value),
  secret: '[REDACTED]',
  skipsPlainKeys: true,
}

const redactLeaf = (look: Look, value: unknown, isSecret: boolean): unknown => {
  if (typeof value === 'string') return value === '' ? value : isSecret ? look.secret : look.text(value)
  return typeof value === 'number' ? look.number(value) : value
}

// `next` remembers per key where counting goes on, so that thousands of keys that mask alike stay cheap.
const freeKey = (taken: object, next: Map<string, number>, key: string): string => {
  if (!Object.hasOwn(taken, key)) return key
  for (let n = next.get(key) ?? 2; ; n++) {
    const name = `${key}#${n}`
    if (Object.hasOwn(taken, name)) continue
    next.set(key, n + 1)
    return name
  }
}

type KeyFacts = { name: string; isSecret: boolean }

// Most names of fields: letters alone hold nothing that is masked.
const PLAIN = /^[A-Za-z_]{1,40}$/

const factsOf = (look: Look, key: string): KeyFacts => ({
  name: look.skipsPlainKeys && PLAIN.test(key) ? key : look.text(key),
  isSecret: isSecretKey(key),
})

const setOwn = (clean: Record<string, unknown>, name: string, value: unknown): void => {
  if (name !== '__proto__') clean[name] = value
  else Object.defineProperty(clean, name, { value, enumerable: true, writable: true, configurable: true })
}

const redactRecord = (look: Look, record: object, isSecret: boolean, depth: number): Record<string, unknown> => {
  const clean: Record<string, unknown> = {}
  const next = new Map<string, number>()
  for (const [key, value] of Object.entries(record)) {
    const facts = factsOf(look, key)
    setOwn(clean, freeKey(clean, next, facts.name), redactAny(look, value, isSecret || facts.isSecret, depth + 1))
  }
  return clean
}

const redactAny = (look: Look, value: unknown, isSecret: boolean, depth: number): unknown => {
  if (typeof value !== 'object' || value === null) return redactLeaf(look, value, isSecret)
  if (depth > MAX_DEPTH) return TOO_DEEP
  if (Array.isArray(value)) return value.map((item) => redactAny(look, item, isSecret, depth + 1))
  if (value instanceof Date || ArrayBuffer.isView(value)) return value
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return redactAny(look, value.toJSON(), isSecret, depth + 1)
  return redactRecord(look, value, isSecret && !isSchema(value), depth)
}

// Keys and values at every depth; what lies deeper than anything sensible is left out, not let through.
export const redactValue = (value: unknown, look: Look = PLAIN_LOOK): unknown => redactAny(look, value, false, 0)
