import { emailAt, ibanAt, ipv6At, MAX_LOCAL, urlPasswordAt } from './addresses'
import { CODE, isAlnum, isDigit, isHex, isLetter, isLocal, isSeparator, isWord } from './characters'
import { beginsField, fieldAt } from './fields'
import { codeAt, type Input, runOf, type Span, standInAt } from './input'
import { cardAt, ipv4At, phoneIntlAt, phoneUsAt, phoneZerosAt, ssnAt, uuidAt } from './numbers'
import {
  apiKeyAt,
  awsKeyAt,
  basicAt,
  bearerAt,
  beginsJwt,
  beginsSecret,
  cookieAt,
  exactKeyAt,
  jwtAt,
  privateKeyAt,
  serviceKeyAt,
  slackHookAt,
  telegramAt,
} from './secrets'

// One walk from left to right. It stops at the first place that cannot be decided before more text comes.
export type Scan = {
  input: Input
  at: number
  spans: Span[]
  found: Span[]
  piece: number
  jwtAt: number
  noJwtBefore: number
  // What stands before the host of a URL is no mail address.
  userInfo: { from: number; to: number }
  mayHoldMail: boolean
  // Where the next sign of a mail address stands, as far as was looked.
  sign: number
  // Ends of matches in their order, the first of those that lie ahead, and where that is.
  ahead: number[]
  head: number
  nextEnd: number
  isWaiting: boolean
}

export const newScan = (text: string, isWhole: boolean): Scan => ({
  input: { text, isWhole, ranOut: false, runs: new Map(), ends: new Set(), groups: { to: 0, isList: false } },
  at: 0,
  spans: [],
  found: [],
  piece: -1,
  jwtAt: -1,
  noJwtBefore: 0,
  userInfo: { from: 0, to: 0 },
  mayHoldMail: !isWhole || text.includes('@'),
  sign: -1,
  ahead: [],
  head: 0,
  nextEnd: Number.POSITIVE_INFINITY,
  isWaiting: false,
})

const NONE = -1

type Matcher = (input: Input, at: number) => Span | null

const take = (scan: Scan, span: Span | null): void => {
  if (span) scan.found.push(span)
}

const tryOne = (scan: Scan, matcher: Matcher): void => take(scan, matcher(scan.input, scan.at))

const tryEmail = (scan: Scan, code: number, before: number, isBehindMatch: boolean): void => {
  if (!scan.mayHoldMail || !isLocal(code)) return
  const isInside = isLocal(before) && !isBehindMatch && scan.at - scan.piece < MAX_LOCAL
  if ((isInside && scan.at !== scan.piece) || (scan.at >= scan.userInfo.from && scan.at < scan.userInfo.to)) return
  scan.piece = scan.at
  tryOne(scan, emailAt)
}

const tryJwt = (scan: Scan): void => {
  const isTried = scan.at < scan.noJwtBefore && scan.at !== scan.jwtAt
  if (isTried || !beginsJwt(scan.input, scan.at)) return
  const { span, skipTo } = jwtAt(scan.input, scan.at)
  scan.jwtAt = scan.at
  scan.noJwtBefore = skipTo
  if (span) scan.found.push(span)
}

const trySecret = (scan: Scan, code: number, isFree: boolean): void => {
  tryOne(scan, serviceKeyAt)
  tryOne(scan, apiKeyAt)
  tryOne(scan, awsKeyAt)
  if (code === 83 || code === 100) tryOne(scan, exactKeyAt)
  if (code === 104) tryOne(scan, slackHookAt)
  if (code === 101) tryJwt(scan)
  if (!isFree) return
  if ((code | 32) === 98) tryOne(scan, bearerAt)
  if ((code | 32) === 97) tryOne(scan, basicAt)
  if ((code | 32) === 99) tryOne(scan, cookieAt)
}

const tryLetter = (scan: Scan, code: number, before: number, isFree: boolean): void => {
  const next = codeAt(scan.input, scan.at + 1)
  if (beginsField(code, next)) tryOne(scan, fieldAt)
  if (!isFree && isAlnum(before)) return
  if (beginsSecret(code, next)) trySecret(scan, code, isFree)
  if (!isFree) return
  if (isLetter(next)) tryOne(scan, ibanAt)
  if (isHex(code)) tryOne(scan, ipv6At)
}

// How many digits stand together, and what stands behind them, says what they may begin.
const tryDigit = (scan: Scan, code: number): void => {
  const { input, at } = scan
  const count = runOf(input, at, 13, isDigit) - at
  const after = codeAt(input, at + count)
  if (count > 3) {
    tryLongNumber(scan, code, count)
    return
  }
  const hasGap = isSeparator(after) || after === CODE.dot
  if (count === 3 && hasGap) tryOne(scan, ssnAt)
  if (hasGap && (count === 3 || (count === 1 && code === 49))) tryOne(scan, phoneUsAt)
  if (after === CODE.dot) tryOne(scan, ipv4At)
  tryOne(scan, ipv6At)
}

const tryLongNumber = (scan: Scan, code: number, count: number): void => {
  if (count === 4 || count === 13) tryOne(scan, cardAt)
  if (code === 48) tryOne(scan, phoneZerosAt)
  if (count >= 8 && count <= 10) take(scan, telegramAt(scan.input, scan.at, count))
  if (count === 4) tryOne(scan, ipv6At)
}

const trySign = (scan: Scan, code: number, isFree: boolean): void => {
  if (code === CODE.open) tryOne(scan, phoneUsAt)
  else if (code === CODE.slash) tryOne(scan, urlPasswordAt)
  else if (code === CODE.dash) tryOne(scan, privateKeyAt)
  else if (code === CODE.plus && isFree) tryOne(scan, phoneIntlAt)
  else if (code === CODE.colon && isFree) tryOne(scan, ipv6At)
}

const UUID_LENGTH = 36

// How far to go on, or 0 when more text is needed first.
const step = (scan: Scan, code: number, before: number, isBehindMatch: boolean): number => {
  if (code === CODE.bracket) return Math.max(1, standInAt(scan.input, scan.at))
  const isFree = isBehindMatch || !isWord(before)
  if (isFree && isHex(code) && uuidAt(scan.input, scan.at)) return UUID_LENGTH
  tryEmail(scan, code, before, isBehindMatch)
  if (isLetter(code)) tryLetter(scan, code, before, isFree)
  else if (!isDigit(code)) trySign(scan, code, isFree)
  else if (isFree) tryDigit(scan, code)
  return 1
}

// Nothing that is asked here looks further ahead, and no address is longer before its sign.
const LOOK = MAX_LOCAL + 1

const mayBeginNumber = (text: string, at: number): boolean =>
  (isHex(text.charCodeAt(at)) && leadsOn(text, at)) || mayBeginIban(text, at)

// Groups with colons, or an id of ours.
const leadsOn = (text: string, at: number): boolean => {
  let end = at + 1
  while (end < at + 5 && isHex(text.charCodeAt(end))) end++
  return text.charCodeAt(end) === CODE.colon || text.charCodeAt(at + 8) === CODE.dash
}

const mayBeginIban = (text: string, at: number): boolean => {
  const third = text.charCodeAt(at + 2)
  return isDigit(third) || (third === 32 && isDigit(text.charCodeAt(at + 3)))
}

const signMayBegin = (text: string, at: number, code: number): boolean => {
  const next = text.charCodeAt(at + 1)
  if (code === CODE.open) return isDigit(next)
  if (code === CODE.plus) return isDigit(next)
  if (code === CODE.slash || code === CODE.dash || code === CODE.colon) return next === code
  return code === CODE.bracket
}

// Whether a matcher other than the one for mail could find anything here: cheap, and never no where one would.
const mayBegin = (text: string, at: number, code: number, before: number): boolean => {
  if (!isWord(code)) return signMayBegin(text, at, code)
  const next = text.charCodeAt(at + 1)
  if (isAlnum(before)) return beginsField(code, next)
  if (isDigit(code)) return !isWord(before)
  return beginsField(code, next) || beginsSecret(code, next) || (!isWord(before) && mayBeginNumber(text, at))
}

// Where the next sign of a mail address stands, or where no text is any more.
const nextSign = (scan: Scan, at: number): number => {
  if (scan.sign < at) {
    const found = scan.input.text.indexOf('@', at)
    scan.sign = found < 0 ? scan.input.text.length + MAX_LOCAL : found
  }
  return scan.sign
}

// An address may begin here; where its sign is too far off, the look at it is only noted.
const mayBeginMail = (scan: Scan, at: number, code: number, before: number): boolean => {
  if (!isLocal(code)) return false
  if (isLocal(before) && at !== scan.piece && at - scan.piece < MAX_LOCAL) return false
  if (at >= scan.userInfo.from && at < scan.userInfo.to) return true
  if (nextSign(scan, at) - at <= MAX_LOCAL) return true
  scan.piece = at
  return false
}

// Most characters of most texts cannot begin anything.
const skipQuiet = (scan: Scan): number => {
  const { text, isWhole } = scan.input
  const { nextEnd } = scan
  const last = isWhole ? text.length : text.length - LOOK
  let at = scan.at
  let before = at === 0 ? NONE : text.charCodeAt(at - 1)
  for (; at < last; at++) {
    const code = text.charCodeAt(at)
    if (at === nextEnd) return at
    if (code > 32 && (mayBegin(text, at, code, before) || (scan.mayHoldMail && mayBeginMail(scan, at, code, before))))
      return at
    before = code
  }
  return at
}

const PASSED = 1024

const lookAhead = (scan: Scan): void => {
  const { ahead } = scan
  while (scan.head < ahead.length && (ahead[scan.head] ?? 0) < scan.at) scan.head++
  if (scan.head > PASSED) {
    scan.ahead = ahead.slice(scan.head)
    scan.head = 0
  }
  scan.nextEnd = scan.ahead[scan.head] ?? Number.POSITIVE_INFINITY
}

// Ends come nearly in order, so the place is near the end of the row.
const addEnd = (scan: Scan, end: number): void => {
  const { ahead, head } = scan
  let at = ahead.length
  while (at > head && (ahead[at - 1] ?? 0) > end) at--
  if (at > head && ahead[at - 1] === end) return
  if (at === ahead.length) ahead.push(end)
  else ahead.splice(at, 0, end)
  if (end < scan.nextEnd) scan.nextEnd = end
}

const keep = (scan: Scan): void => {
  for (const span of scan.found) {
    scan.spans.push(span)
    scan.input.ends.add(span.to)
    addEnd(scan, span.to)
    if (span.type === 'url_password') scan.userInfo = { from: span.from, to: span.to }
  }
  scan.found = []
}

export const scanOn = (scan: Scan): void => {
  const { input } = scan
  const { text, ends } = input
  scan.sign = -1
  scan.ahead = [...ends].sort((a, b) => a - b)
  scan.head = 0
  lookAhead(scan)
  for (;;) {
    if (scan.at > scan.nextEnd) lookAhead(scan)
    if (!scan.isWaiting) scan.at = skipQuiet(scan)
    scan.isWaiting = false
    if (scan.at >= text.length) return
    const before = scan.at === 0 ? NONE : text.charCodeAt(scan.at - 1)
    input.ranOut = false
    const ahead = step(scan, text.charCodeAt(scan.at), before, scan.at === scan.nextEnd)
    if (input.ranOut && !input.isWhole) {
      scan.found = []
      scan.isWaiting = true
      return
    }
    if (scan.found.length > 0) keep(scan)
    scan.at += ahead
  }
}
