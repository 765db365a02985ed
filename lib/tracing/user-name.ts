import { createHash } from 'node:crypto'
import { cleanText } from './span-shelf'

const MOST_SHOWN = 200
const DIGITS = 16

// An address that may not be stored still tells one person from the next: what is left of it, and a digest. Whoever
// knows the address finds the person again, to look at their traces or to erase them.
export const userNameOf = (id: string): string => {
  const clean = cleanText(id)
  if (clean === id) return id
  return `${clean.slice(0, MOST_SHOWN)} ${createHash('sha256').update(id).digest('hex').slice(0, DIGITS)}`
}
