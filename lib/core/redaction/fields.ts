import { CODE, isBlank, isDigit, isQuote, isSpace, isToken } from './characters'
import { codeAt, END, type FindingType, type Input, longRunOf, runOf, type Span, spells, startsWithMask } from './input'

type Field = { word: string; type: FindingType; least: number; needsDigit: boolean }

const password = (word: string): Field => ({ word, type: 'password_field', least: 1, needsDigit: false })
const key = (word: string): Field => ({ word, type: 'api_key', least: 20, needsDigit: false })
const short = (word: string): Field => ({ word, type: 'api_key', least: 8, needsDigit: false })
const token = (word: string): Field => ({ word, type: 'api_key', least: 16, needsDigit: true })

// The longer name first where one begins with another.
const FIELDS: readonly Field[] = [
  ...['password', 'passwd', 'passphrase', 'pwd'].map(password),
  ...['api_key', 'apikey', 'api-key', 'access_key', 'accesskey', 'access-key'].map(key),
  ...['daemon-key', 'daemon_key', 'daemonkey', 'account-key', 'account_key', 'accountkey', 'auth_token'].map(short),
  ...['private_key', 'private-key', 'privatekey', 'secret_key', 'secretkey', 'secret-key', 'secret', 'token'].map(
    token,
  ),
]

const BY_LETTER: ReadonlyMap<number, readonly Field[]> = new Map(
  ['p', 'a', 'd', 's', 't'].map((letter) => [
    letter.charCodeAt(0),
    FIELDS.filter(({ word }) => word.startsWith(letter)),
  ]),
)

const PAIR_SIZE = 128

// Which two letters can begin the name of a secret.
const PAIRS: Readonly<Uint8Array> = ((): Uint8Array => {
  const table = new Uint8Array(PAIR_SIZE * PAIR_SIZE)
  for (const { word } of FIELDS) table[word.charCodeAt(0) * PAIR_SIZE + word.charCodeAt(1)] = 1
  return table
})()

export const beginsField = (code: number, next: number): boolean =>
  next < PAIR_SIZE && PAIRS[(code | 32) * PAIR_SIZE + (next | 32)] === 1

const MAX_QUOTED = 1024
const MAX_GAP = 8

type Value = { from: number; to: number }

const isBackslash = (code: number): boolean => code === CODE.backslash

const skipQuote = (input: Input, at: number): number => {
  const after = runOf(input, at, 4, isBackslash)
  return isQuote(codeAt(input, after)) ? after + 1 : at
}

// password = , "password": , \"password\" : , password := , password =>
const valueStart = (input: Input, at: number): number => {
  const name = runOf(input, skipQuote(input, at), MAX_GAP, isBlank)
  const first = codeAt(input, name)
  if (first !== CODE.colon && first !== CODE.equals) return 0
  const second = codeAt(input, name + 1)
  const sign = second === CODE.equals || second === 62 ? name + 2 : name + 1
  return runOf(input, sign, MAX_GAP, isBlank)
}

const PLAIN_ENDS: readonly number[] = [44, 59, 38, 41, 93, 125, 60, 62, 96]

const isPlain = (code: number): boolean =>
  code !== END && !isSpace(code) && !isQuote(code) && !PLAIN_ENDS.includes(code)

const quotedEnd = (input: Input, from: number, quote: number, escapes: number): number => {
  let slashes = 0
  for (let at = from; at - from < MAX_QUOTED; at++) {
    const code = codeAt(input, at)
    if (code === END || code === 10) return 0
    if (code === quote && (escapes > 0 || slashes % 2 === 0)) return at - (escapes > 0 ? slashes : 0)
    slashes = code === CODE.backslash ? slashes + 1 : 0
  }
  return 0
}

const passwordValue = (input: Input, start: number): Value | null => {
  const from = skipQuote(input, start)
  if (startsWithMask(input, from)) return null
  if (from > start) {
    const to = quotedEnd(input, from, codeAt(input, from - 1), from - 1 - start)
    if (to > 0) return { from, to }
  }
  const first = codeAt(input, from)
  if (from === start && (first === CODE.bracket || first === CODE.brace)) return null
  return { from, to: longRunOf(input, from, isPlain) }
}

const isSecretChar = (code: number): boolean =>
  isToken(code) || [CODE.dot, CODE.slash, CODE.plus, CODE.equals, 126].includes(code)

const tokenValue = (input: Input, start: number): Value => {
  const from = skipQuote(input, start)
  return { from, to: longRunOf(input, from, isSecretChar) }
}

const EMPTY: readonly string[] = ['null', 'true', 'false', 'undefined', 'none', 'nil', 'required', 'optional']

const MAX_DIGIT_LOOK = 256

const hasDigit = (input: Input, { from, to }: Value): boolean => {
  for (let at = from; at < Math.min(to, from + MAX_DIGIT_LOOK); at++) if (isDigit(codeAt(input, at))) return true
  return false
}

const spanOf = (input: Input, field: Field, start: number): Span | null => {
  const isPassword = field.type === 'password_field'
  const value = isPassword ? passwordValue(input, start) : tokenValue(input, start)
  if (!value || value.to - value.from < field.least) return null
  if (field.needsDigit && !hasDigit(input, value)) return null
  if (isPassword && EMPTY.includes(input.text.slice(value.from, value.to).toLowerCase())) return null
  return { type: field.type, ...value }
}

// What stands behind the name of a secret: the name stays, the value goes.
export const fieldAt = (input: Input, at: number): Span | null => {
  for (const field of BY_LETTER.get(codeAt(input, at) | 32) ?? []) {
    if (!spells(input, at, field.word)) continue
    const start = valueStart(input, at + field.word.length)
    if (start > 0) return spanOf(input, field, start)
  }
  return null
}
