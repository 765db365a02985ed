// A count of tokens that a column holds. What is none is null, which is not zero.
const MOST = 2_000_000_000

export const numberOf = (value: unknown): number | null => {
  const number = typeof value === 'string' && /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

export const tokensOf = (value: unknown): number | null => {
  const number = numberOf(value)
  return number !== null && Number.isInteger(number) && number >= 0 && number <= MOST ? number : null
}

const NANO = 1_000_000_000
const MOST_USD = 9_000_000

// Dollars as clients send them become whole nano-dollars at once; beyond this they are no price of one call.
export const nanoOfUsd = (value: unknown): bigint | null => {
  const usd = numberOf(value)
  return usd !== null && usd >= 0 && usd <= MOST_USD ? BigInt(Math.round(usd * NANO)) : null
}

export const nanoOf = (value: unknown): bigint | null => {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && /^\d{1,18}$/.test(text) ? BigInt(text) : null
}
