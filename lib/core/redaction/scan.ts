import { emailAt, ibanAt, ipv6At, MAX_LOCAL, urlPasswordAt } from './addresses'
import { CODE, isAlnum, isDigit, isHex, isLetter, isLocal, isWord } from './characters'
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
  isWaiting: false,
})

const NONE = -1

type Matcher = (input: Input, at: number) => Span | null

const tryOne = (scan: Scan, matcher: Matcher): void => {
  const span = matcher(scan.input, scan.at)
  if (span) scan.found.push(span)
}

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

// How many digits stand together says what they may begin.
const tryDigit = (scan: Scan): void => {
  const count = runOf(scan.input, scan.at, 13, isDigit) - scan.at
  if (count === 3) tryOne(scan, ssnAt)
  if (count === 3 || count === 1) tryOne(scan, phoneUsAt)
  if (count === 4 || count === 13) tryOne(scan, cardAt)
  if (count >= 4) tryOne(scan, phoneZerosAt)
  if (count >= 8 && count <= 10) tryOne(scan, (input, at) => telegramAt(input, at, count))
  if (count <= 3) tryOne(scan, ipv4At)
  if (count <= 4) tryOne(scan, ipv6At)
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
  else if (isFree) tryDigit(scan)
  return 1
}

// Most characters of most texts cannot begin anything.
const skipQuiet = ({ input: { text, ends }, at: start, mayHoldMail, piece }: Scan): number => {
  const last = mayHoldMail ? Math.min(text.length, piece + MAX_LOCAL) : text.length
  let before = start === 0 ? NONE : text.charCodeAt(start - 1)
  for (let at = start; at < last; at++) {
    const code = text.charCodeAt(at)
    const isInside = isWord(code) && isAlnum(before) && at + 1 < text.length
    const isQuiet = code <= 32 || (isInside && !beginsField(code, text.charCodeAt(at + 1)))
    if (!isQuiet || (ends.size > 0 && ends.has(at))) return at
    before = code
  }
  return Math.max(start, last)
}

const keep = (scan: Scan): void => {
  for (const span of scan.found) {
    scan.spans.push(span)
    scan.input.ends.add(span.to)
    if (span.type === 'url_password') scan.userInfo = { from: span.from, to: span.to }
  }
  scan.found = []
}

export const scanOn = (scan: Scan): void => {
  const { input } = scan
  const { text, ends } = input
  for (;;) {
    if (!scan.isWaiting) scan.at = skipQuiet(scan)
    scan.isWaiting = false
    if (scan.at >= text.length) return
    const before = scan.at === 0 ? NONE : text.charCodeAt(scan.at - 1)
    input.ranOut = false
    const ahead = step(scan, text.charCodeAt(scan.at), before, ends.size > 0 && ends.has(scan.at))
    if (input.ranOut && !input.isWhole) {
      scan.found = []
      scan.isWaiting = true
      return
    }
    if (scan.found.length > 0) keep(scan)
    scan.at += ahead
  }
}
