const MASK = '[API_KEY]'
// Shorter ones would be found where no key is.
const LEAST = 8

// Written as base64 a key depends on where it begins: each of the three ways without the characters that its
// neighbours share.
const encodedCores = (key: string): string[] =>
  [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), Buffer.from(key)])
      .toString('base64')
      .replaceAll('=', '')
    const bits = (before + Buffer.byteLength(key)) * 8
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(bits / 6))
  })

const urlSafe = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_')

const formsOf = (key: string): string[] => {
  const cores = encodedCores(key)
  const hex = Buffer.from(key).toString('hex')
  return [encodeURIComponent(key), hex, hex.toUpperCase(), ...cores, ...cores.map(urlSafe)].filter(
    ({ length }) => length >= LEAST,
  )
}

// Providers repeat what they refuse, as it came or as it travelled.
export const maskKey = (text: string, key: string): string =>
  key === '' ? text : [key, ...formsOf(key)].reduce((left, form) => left.replaceAll(form, MASK), text)
