import { CODE, isDigit, isHex, isSeparator, isWord } from './characters'
import { codeAt, type FindingType, type Input, runOf, type Span } from './input'

const span = (type: FindingType, from: number, to: number): Span => ({ type, from, to })

const digitsAre = (input: Input, from: number, count: number): boolean => {
  for (let n = 0; n < count; n++) if (!isDigit(codeAt(input, from + n))) return false
  return true
}

const endsFree = (input: Input, at: number): boolean => !isWord(codeAt(input, at))

export const ssnAt = (input: Input, at: number): Span | null => {
  if (!digitsAre(input, at, 3)) return null
  const separator = codeAt(input, at + 3)
  if (!isSeparator(separator) || !digitsAre(input, at + 4, 2) || codeAt(input, at + 6) !== separator) return null
  return digitsAre(input, at + 7, 4) && endsFree(input, at + 11) ? span('ssn', at, at + 11) : null
}

const isPhoneGap = (code: number): boolean => isSeparator(code) || code === CODE.dot

// Ten digits in a row are as often a number of something else, so the gaps or brackets must be there.
const nationalAt = (input: Input, from: number): number => {
  const bracket = codeAt(input, from) === CODE.open
  const area = bracket ? from + 1 : from
  if (!digitsAre(input, area, 3) || codeAt(input, area) < 50) return 0
  let at = area + 3
  if (bracket && codeAt(input, at++) !== CODE.close) return 0
  if (isPhoneGap(codeAt(input, at))) at++
  else if (!bracket) return 0
  if (!digitsAre(input, at, 3) || !isPhoneGap(codeAt(input, at + 3)) || !digitsAre(input, at + 4, 4)) return 0
  return endsFree(input, at + 8) ? at + 8 : 0
}

export const phoneUsAt = (input: Input, at: number): Span | null => {
  const hasCountry = codeAt(input, at) === 49 && isPhoneGap(codeAt(input, at + 1))
  const to = (hasCountry ? nationalAt(input, at + 2) : 0) || nationalAt(input, at)
  return to === 0 ? null : span('phone_us', at, to)
}

const MAX_PHONE = 40

const isInPhone = (code: number): boolean =>
  isPhoneGap(code) || code === CODE.open || code === CODE.close || code === CODE.slash

// The last place where the number may end; a single point is a decimal one.
const phoneEnd = (input: Input, from: number, least: number): number => {
  let found = 0
  let [digits, dots, gap, gaps] = [0, 0, 0, 0]
  for (let at = from; at - from < MAX_PHONE && digits < 15; at++) {
    const code = codeAt(input, at)
    if (isDigit(code)) {
      digits++
      gap = 0
      if (digits >= (gaps === 0 ? least : 8) && dots !== 1 && endsFree(input, at + 1)) found = at + 1
    } else if (gap++ < 2 && isInPhone(code)) {
      gaps++
      dots += code === CODE.dot ? 1 : 0
    } else break
  }
  return found
}

export const phoneIntlAt = (input: Input, at: number): Span | null => {
  const first = codeAt(input, at + 1)
  if (!isDigit(first) || first === 48) return null
  const to = phoneEnd(input, at + 1, 9)
  return to === 0 || isAmount(input, at + 1, to) ? null : span('phone_intl', at, to)
}

// An amount: groups of three, and a currency behind them.
const isAmount = (input: Input, from: number, to: number): boolean => {
  if (!/^\d{1,3}(?:[.]\d{3})+$/.test(input.text.slice(from, to))) return false
  codeAt(input, to + 4)
  return /^ ?(?:EUR|USD|CHF|GBP|€|\$|%)(?:$|[\s,;)])/.test(input.text.slice(to, to + 5))
}

// 0049 170 …: without a gap it is as often a number that was filled up with zeros.
export const phoneZerosAt = (input: Input, at: number): Span | null => {
  const first = codeAt(input, at + 2)
  if (codeAt(input, at) !== 48 || codeAt(input, at + 1) !== 48 || !isDigit(first) || first === 48) return null
  const to = phoneEnd(input, at + 2, 99)
  return to === 0 ? null : span('phone_intl', at, to)
}

const passesLuhn = (digits: string): boolean => {
  let sum = 0
  for (let n = 0; n < digits.length; n++) {
    const digit = digits.charCodeAt(digits.length - 1 - n) - 48
    const weighed = n % 2 === 0 ? digit : digit * 2
    sum += weighed > 9 ? weighed - 9 : weighed
  }
  return sum % 10 === 0
}

type Issuer = { from: number; to: number; lengths: readonly number[] }

// By the first four digits.
const ISSUERS: readonly Issuer[] = [
  { from: 2221, to: 2720, lengths: [16] },
  { from: 3000, to: 3099, lengths: [14] },
  { from: 3400, to: 3499, lengths: [15] },
  { from: 3500, to: 3599, lengths: [16] },
  { from: 3600, to: 3699, lengths: [14] },
  { from: 3700, to: 3799, lengths: [15] },
  { from: 3800, to: 3999, lengths: [14] },
  { from: 4000, to: 4999, lengths: [13, 16, 19] },
  { from: 5000, to: 6999, lengths: [13, 16, 18, 19] },
]

const issuerOf = (digits: string): Issuer | undefined => {
  const four = Number(digits.slice(0, 4))
  return ISSUERS.find(({ from, to }) => four >= from && four <= to)
}

export const isCard = (digits: string): boolean =>
  issuerOf(digits)?.lengths.includes(digits.length) === true && passesLuhn(digits)

const MAX_CARD = 19

const isFraction = (input: Input, at: number): boolean =>
  input.text.charCodeAt(at - 1) === CODE.dot && isDigit(input.text.charCodeAt(at - 2)) && !input.ends.has(at - 1)

const isCardGap = (code: number): boolean => isPhoneGap(code) || code === 10 || code === 13

// Digits in one piece, or in groups of which the first has four; the longest that fits counts.
export const cardAt = (input: Input, at: number): Span | null => {
  let to = runOf(input, at, MAX_CARD + 1, isDigit)
  let digits = input.text.slice(at, to)
  let found = isCard(digits) && endsFree(input, to) && !isFraction(input, at) ? to : 0
  if (digits.length !== 4 || !issuerOf(digits)) return found === 0 ? null : span('credit_card', at, found)
  for (let groups = 1; groups < 6 && isCardGap(codeAt(input, to)); groups++) {
    const next = runOf(input, to, 2, isCardGap)
    const end = runOf(input, next, 8, isDigit)
    const size = end - next
    if (size < 2 || size > 7 || digits.length + size > MAX_CARD) break
    digits += input.text.slice(next, end)
    to = end
    if (endsFree(input, to) && isCard(digits)) found = to
  }
  return found === 0 ? null : span('credit_card', at, found)
}

const partAt = (input: Input, at: number): number => {
  const to = runOf(input, at, 4, isDigit)
  return to > at && to - at <= 3 && Number(input.text.slice(at, to)) <= 255 ? to : 0
}

// 1.2.3.4.5 is a version; three digits and more may begin something of their own.
const goesOn = (input: Input, at: number): boolean => {
  if (codeAt(input, at) !== CODE.dot) return false
  const to = runOf(input, at + 1, 3, isDigit)
  return to > at + 1 && to - at <= 3 && codeAt(input, to) !== CODE.colon
}

const NUMBERED = /(?:^|[^\w.@-])((?:§|oid|v|ver|version|section)[.:]? ?)$/i
// Streams keep so much of what they have handed on.
export const MAX_BEFORE = 16

// Behind such a word it is the number of something, unless a match has swallowed the end of the word.
const isNumbered = (input: Input, from: number): boolean => {
  const word = NUMBERED.exec(input.text.slice(Math.max(0, from - MAX_BEFORE), from))?.[1]
  if (word === undefined) return false
  for (let at = from - word.length + 1; at <= from; at++) if (input.ends.has(at)) return false
  return true
}

export const ipv4At = (input: Input, from: number): Span | null => {
  if (input.text.charCodeAt(from - 1) === CODE.dot && !input.ends.has(from)) return null
  let at = partAt(input, from)
  for (let part = 1; part < 4; part++) {
    if (at === 0 || codeAt(input, at) !== CODE.dot) return null
    at = partAt(input, at + 1)
  }
  if (at === 0 || !endsFree(input, at)) return null
  return goesOn(input, at) || isNumbered(input, from) ? null : span('ip_address', from, at)
}

const UUID_DASHES: readonly number[] = [8, 13, 18, 23]
const UUID_LENGTH = 36

// Ids of our own are full of digits and stay as they are.
export const uuidAt = (input: Input, at: number): boolean => {
  if (at + 8 < input.text.length && input.text.charCodeAt(at + 8) !== CODE.dash) return false
  for (let n = 0; n < UUID_LENGTH; n++) {
    const code = codeAt(input, at + n)
    if (UUID_DASHES.includes(n) ? code !== CODE.dash : !isHex(code)) return false
  }
  const next = codeAt(input, at + UUID_LENGTH)
  return !isWord(next) && next !== CODE.dash && next !== CODE.at && next !== CODE.dot && next !== CODE.plus
}
