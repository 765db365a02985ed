import { CODE, isAlnum, isDigit, isHex, isHost, isLetter, isLocal, isQuote, isSpace, isWord } from './characters'
import { codeAt, END, holdsMask, type Input, runOf, type Span, writes } from './input'

// A longer run of the same characters is looked at in pieces of this size.
export const MAX_LOCAL = 128
const MAX_DOMAIN = 255

const isNameLetter = (code: number): boolean => isLetter(code) || code >= 0x80

// Where the top-level domain ends that begins here; a dash behind it belongs to what follows.
const topEnd = (input: Input, from: number, to: number): number => {
  if (input.text.startsWith('xn--', from)) return to
  const end = runOf(input, from, to - from, isNameLetter)
  return end - from >= 2 && (end === to || codeAt(input, end) === CODE.dash) ? end : 0
}

// Label after label; the last that can be a top-level domain ends it.
const domainEnd = (input: Input, from: number): number => {
  let found = 0
  for (let at = from, labels = 0; at - from < MAX_DOMAIN; labels++) {
    const to = runOf(input, at, 64, isHost)
    if (to === at || codeAt(input, at) === CODE.dash) break
    if (labels > 0) found = topEnd(input, at, to) || found
    if (codeAt(input, to) !== CODE.dot || codeAt(input, to - 1) === CODE.dash) break
    at = to + 1
  }
  return found
}

// icon@3x.png, and the address of a repository: git@host:path.
const isNoMail = (input: Input, from: number, sign: number, to: number): boolean => {
  if (isDigit(codeAt(input, sign + 1)) && codeAt(input, sign + 2) === 120 && codeAt(input, sign + 3) === CODE.dot)
    return true
  return (
    sign - from === 3 &&
    writes(input, from, 'git') &&
    codeAt(input, to) === CODE.colon &&
    codeAt(input, to + 1) !== CODE.colon
  )
}

export const emailAt = (input: Input, at: number): Span | null => {
  const sign = runOf(input, at, MAX_LOCAL, isLocal)
  if (sign === at || codeAt(input, sign) !== CODE.at) return null
  const to = domainEnd(input, sign + 1)
  return to === 0 || isNoMail(input, at, sign, to) ? null : { type: 'email', from: at, to }
}

const MAX_AUTHORITY = 1024

const endsAuthority = (code: number): boolean =>
  code === END || code === CODE.slash || isSpace(code) || isQuote(code) || code === 60 || code === 62 || code === 96

// A slash in a password ends the authority before its time, unless a port stands there.
const withSlashes = (input: Input, from: number, end: number): string => {
  const strict = input.text.slice(from, end)
  if (codeAt(input, end) !== CODE.slash || !/^[^@:[\]]*:(?!\d*$)[^@]*$/.test(strict)) return strict
  let at = end
  while (at - from < MAX_AUTHORITY && isInPath(input, at)) at++
  const wide = input.text.slice(from, at)
  return wide.includes('@') ? wide : strict
}

const isInPath = (input: Input, at: number): boolean => {
  const code = codeAt(input, at)
  return code === CODE.slash ? codeAt(input, at + 1) !== CODE.slash : !endsAuthority(code)
}

// scheme://user:password@host, and what a careless hand left unescaped in the password.
export const urlPasswordAt = (input: Input, from: number): Span | null => {
  if (codeAt(input, from + 1) !== CODE.slash) return null
  const end = runOf(input, from + 2, MAX_AUTHORITY, (code) => !endsAuthority(code))
  const authority = withSlashes(input, from + 2, end)
  const sign = authority.lastIndexOf('@')
  const colon = authority.indexOf(':')
  if (colon < 0 || sign <= colon + 1) return null
  if (holdsMask(authority)) return null
  return { type: 'url_password', from: from + 3 + colon, to: from + 2 + sign }
}

const MAX_IPV6 = 45

const isIpv6Char = (code: number): boolean => isHex(code) || code === CODE.colon

const isIpv6 = (text: string): boolean => {
  const halves = text.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  if (!groups.every((group) => group.length > 0 && group.length <= 4)) return false
  // Verses and times are written with short groups.
  if (groups.length < 5 && !groups.some((group) => group.length > 2)) return false
  if (halves.length === 1) return groups.length === 8
  return groups.length >= 2 && groups.length <= 7 && (groups.length > 2 || /\d/.test(text))
}

const MAX_LIST = 512

// A fingerprint or the like: more groups than an address has, and nothing left out.
const isListAt = (input: Input, from: number): boolean => {
  if (from < input.groups.to) return input.groups.isList
  const to = runOf(input, from, MAX_LIST, isIpv6Char)
  const text = input.text.slice(from, to)
  const isList = to - from > 2 * MAX_IPV6 || (!text.includes('::') && text.split(':').length > 9)
  if (input.isWhole || !input.ranOut) input.groups = { to, isList }
  return isList
}

const mayEnd = (input: Input, at: number): boolean =>
  !isWord(codeAt(input, at)) || (codeAt(input, at - 1) === CODE.colon && codeAt(input, at - 2) === CODE.colon)

// The longest address that begins here; what goes on as a word belongs to that word.
export const ipv6At = (input: Input, from: number): Span | null => {
  if (codeAt(input, from) === CODE.colon ? codeAt(input, from + 1) !== CODE.colon : !leadsToColon(input, from))
    return null
  const end = runOf(input, from, MAX_IPV6, isIpv6Char)
  if (!mayBeIpv6(input.text, from, end) || isListAt(input, from)) return null
  for (let to = end; to - from >= 4; to--)
    if (mayEnd(input, to) && isIpv6(input.text.slice(from, to))) return { type: 'ipv6', from, to }
  return null
}

// All eight groups, or two colons where some are left out.
const mayBeIpv6 = (text: string, from: number, end: number): boolean => {
  let colons = 0
  for (let at = from; at < end; at++) {
    if (text.charCodeAt(at) !== CODE.colon) continue
    if (++colons === 7 || text.charCodeAt(at + 1) === CODE.colon) return true
  }
  return false
}

const leadsToColon = (input: Input, from: number): boolean => codeAt(input, runOf(input, from, 5, isHex)) === CODE.colon

const LENGTHS =
  `AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18
FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20
LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24
SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30`.split(/\s+/)

const LENGTH_OF: ReadonlyMap<string, number> = new Map(
  LENGTHS.map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
)

const restOf97 = (iban: string): number => {
  let rest = 0
  for (const char of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(char, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest
}

export const ibanAt = (input: Input, from: number): Span | null => {
  const digits = from + 2 + (codeAt(input, from + 2) === 32 ? 1 : 0)
  if (!isLetter(codeAt(input, from + 1)) || !isDigit(codeAt(input, digits)) || !isDigit(codeAt(input, digits + 1)))
    return null
  const length = LENGTH_OF.get(input.text.slice(from, from + 2).toUpperCase())
  if (!length) return null
  let text = ''
  let at = from
  for (let gap = 0; text.length < length; at++) {
    const code = codeAt(input, at)
    if (isAlnum(code)) text += input.text[at]
    else if (gap > 1 || ![32, 0xa0, CODE.dash, CODE.dot].includes(code)) return null
    gap = isAlnum(code) ? 0 : gap + 1
  }
  return isWord(codeAt(input, at)) || restOf97(text.toUpperCase()) !== 1 ? null : { type: 'iban', from, to: at }
}
