import type { Divergence } from '../contract'

// `quoted` says more, for those who may read what was said.
export type Found = Divergence & { quoted?: string }

// The replay ends where it would have gone another way.
export class Diverged extends Error {
  constructor(readonly found: Found) {
    super(found.what)
  }
}

// The recorded run has no more: it broke off here.
export class RecordEnds extends Error {}

export const diverged = (found: Found): never => {
  throw new Diverged(found)
}

export const toldOf = ({ quoted, ...found }: Found, isOpen: boolean): Divergence =>
  isOpen && quoted !== undefined ? { ...found, what: `${found.what} ${quoted}` } : found
