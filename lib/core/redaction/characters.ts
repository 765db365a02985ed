// Classes of characters, as bits, so that one look at a table answers every matcher.
const DIGIT = 1
const LETTER = 2
const HEX = 4
const WORD = 8
const LOCAL = 16
const TOKEN = 32
const SEPARATOR = 64

const TABLE = ((): Readonly<Uint8Array> => {
  const table = new Uint8Array(128)
  const mark = (chars: string, bits: number) => {
    for (const char of chars) table[char.charCodeAt(0)] = (table[char.charCodeAt(0)] ?? 0) | bits
  }
  mark('0123456789', DIGIT | HEX | WORD | LOCAL | TOKEN)
  mark('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', LETTER | WORD | LOCAL | TOKEN)
  mark('abcdefABCDEF', HEX)
  mark('_', WORD | LOCAL | TOKEN)
  mark('-', LOCAL | TOKEN | SEPARATOR)
  mark(".%+'", LOCAL)
  mark(' ', SEPARATOR)
  return table
})()

const bitsOf = (code: number): number => (code < 128 ? (TABLE[code] ?? 0) : 0)

// Letters of names in Latin, Greek and Cyrillic, which stand in mail addresses too.
const isForeignLetter = (code: number): boolean => code >= 0xc0 && code <= 0x52f && code !== 0xd7 && code !== 0xf7

// Blanks and dashes that word processors and models write between digits.
const isForeignSeparator = (code: number): boolean =>
  code === 0xa0 || code === 0x202f || (code >= 0x2010 && code <= 0x2015)

export const isDigit = (code: number): boolean => (bitsOf(code) & DIGIT) !== 0
export const isLetter = (code: number): boolean => (bitsOf(code) & LETTER) !== 0
export const isHex = (code: number): boolean => (bitsOf(code) & HEX) !== 0
export const isWord = (code: number): boolean => (bitsOf(code) & WORD) !== 0
export const isAlnum = (code: number): boolean => (bitsOf(code) & (DIGIT | LETTER)) !== 0
export const isLocal = (code: number): boolean => (bitsOf(code) & LOCAL) !== 0 || isForeignLetter(code)
export const isHost = (code: number): boolean => isAlnum(code) || code === CODE.dash || isForeignLetter(code)
export const isToken = (code: number): boolean => (bitsOf(code) & TOKEN) !== 0
export const isSeparator = (code: number): boolean => (bitsOf(code) & SEPARATOR) !== 0 || isForeignSeparator(code)
export const isBlank = (code: number): boolean => code === 32 || code === 9
export const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13) || code === 0xa0
export const isQuote = (code: number): boolean => code === CODE.quote || code === CODE.apostrophe

export const lower = (code: number): number => (code >= 65 && code <= 90 ? code + 32 : code)

export const CODE = {
  quote: 34,
  apostrophe: 39,
  open: 40,
  close: 41,
  plus: 43,
  dash: 45,
  dot: 46,
  slash: 47,
  colon: 58,
  equals: 61,
  at: 64,
  bracket: 91,
  backslash: 92,
  brace: 123,
} as const
