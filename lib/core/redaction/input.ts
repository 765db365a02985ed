import { CODE, lower } from './characters'

export type FindingType =
  | 'email'
  | 'ssn'
  | 'phone_us'
  | 'phone_intl'
  | 'credit_card'
  | 'iban'
  | 'ip_address'
  | 'ipv6'
  | 'api_key'
  | 'aws_key'
  | 'jwt'
  | 'password_field'
  | 'private_key'
  | 'bearer'
  | 'url_password'

export const MASK_OF: Readonly<Record<FindingType, string>> = {
  email: '[EMAIL]',
  ssn: '[SSN]',
  phone_us: '[PHONE]',
  phone_intl: '[PHONE]',
  credit_card: '[CREDIT_CARD]',
  iban: '[IBAN]',
  ip_address: '[IP]',
  ipv6: '[IP]',
  api_key: '[API_KEY]',
  aws_key: '[AWS_KEY]',
  jwt: '[JWT]',
  password_field: '[PASSWORD_FIELD]',
  private_key: '[PRIVATE_KEY]',
  bearer: '[REDACTED]',
  url_password: '[REDACTED]',
}

const MASKS: readonly string[] = [...new Set(Object.values(MASK_OF))]

// What stands in the place of a hashed or a reversible value.
const STAND_IN = /\[(?:HASH:[0-9a-f]{8}|TOKEN:[0-9a-f]{32})\]/
const STAND_IN_HERE = new RegExp(STAND_IN.source, 'y')
const LONGEST_STAND_IN = 40

export const holdsMask = (text: string): boolean => MASKS.some((mask) => text.includes(mask)) || STAND_IN.test(text)

// How long what stands here in the place of something is; 0 where nothing does.
export const standInAt = (input: Input, at: number): number => {
  if (codeAt(input, at) !== CODE.bracket) return 0
  STAND_IN_HERE.lastIndex = at
  if (STAND_IN_HERE.test(input.text)) return STAND_IN_HERE.lastIndex - at
  codeAt(input, at + LONGEST_STAND_IN)
  return 0
}

export const startsWithMask = (input: Input, at: number): boolean =>
  MASKS.some((mask) => writes(input, at, mask)) || standInAt(input, at) > 0

// A pattern of a tenant's own is known by its name.
export type SpanType = FindingType | `own:${string}`
export type Span = { type: SpanType; from: number; to: number }

// No match reads further than this, so that a stream holds no more back.
export const MAX_MATCH = 16_384

// Whoever reads past the end of an unfinished text has not decided yet.
export type Input = {
  text: string
  isWhole: boolean
  ranOut: boolean
  runs: Map<Belongs, Run>
  // Where a match ended: what follows it begins as freely as behind a mask.
  ends: Set<number>
  // The last row of hexadecimal groups with colons, and whether it is too long to be an address.
  groups: { to: number; isList: boolean }
}

type Belongs = (code: number) => boolean
type Run = { from: number; to: number }

export const END = -1

export const codeAt = (input: Input, at: number): number => {
  if (at < input.text.length) return input.text.charCodeAt(at)
  input.ranOut = true
  return END
}

export const runOf = (input: Input, from: number, most: number, belongs: Belongs): number => {
  let at = from
  while (at - from < most && belongs(codeAt(input, at))) at++
  return at
}

// A long run that was walked once is not walked again for a later start in it.
export const longRunOf = (input: Input, from: number, belongs: Belongs): number => {
  const known = input.runs.get(belongs)
  const isInside = known !== undefined && from >= known.from && from < known.to
  const start = isInside ? Math.min(known.to, from + MAX_MATCH) : from
  const to = runOf(input, start, from + MAX_MATCH - start, belongs)
  if (!isInside) input.runs.set(belongs, { from, to })
  else if (to > known.to) known.to = to
  return to
}

// `word` is given in lower case.
export const spells = (input: Input, from: number, word: string): boolean => {
  for (let n = 0; n < word.length; n++) if (lower(codeAt(input, from + n)) !== word.charCodeAt(n)) return false
  return true
}

export const writes = (input: Input, from: number, word: string): boolean => {
  for (let n = 0; n < word.length; n++) if (codeAt(input, from + n) !== word.charCodeAt(n)) return false
  return true
}
