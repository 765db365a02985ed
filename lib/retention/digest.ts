import { createHash } from 'node:crypto'

export type Digest = { add(ids: readonly string[]): void; hex(): string }

// Over the ids in the order in which they went, a line each: `sha256sum` of such a list says the same.
export const newDigest = (): Digest => {
  const hash = createHash('sha256')
  return { add: (ids) => void hash.update(ids.map((id) => `${id}\n`).join('')), hex: () => hash.copy().digest('hex') }
}

export const digestOf = (ids: readonly string[]): string => {
  const digest = newDigest()
  digest.add(ids)
  return digest.hex()
}
