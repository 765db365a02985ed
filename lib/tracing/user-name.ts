import { createHash } from 'node:crypto'
import type { Scope } from '@/lib/core/scope'
import { type Clean, cleanWith } from './span-shelf'

const MOST_SHOWN = 200
const DIGITS = 16

// An address that may not be stored still tells one person from the next: what is left of it, and a digest. Whoever
// knows the address finds the person again, to look at their traces or to erase them.
export const userNameOf = (clean: Clean, id: string): string => {
  const shown = clean.text(id)
  if (shown === id) return id
  return `${shown.slice(0, MOST_SHOWN)} ${createHash('sha256').update(id).digest('hex').slice(0, DIGITS)}`
}

/** The names that a person has in what is stored: the own one in runs of ours, one made from it in spans of others. */
export const userNames = (scope: Pick<Scope, 'redaction'>, id: string): { user: string; user_name: string } => ({
  user: id,
  user_name: userNameOf(cleanWith(scope.redaction), id),
})
