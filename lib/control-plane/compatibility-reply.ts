import type { Scope } from '@/lib/core/scope'
import { wireText } from '@/lib/http/wire'
import { Problem } from '@/lib/shared/problem'
import { checkCompatibility } from './check-compatibility'
import { type Compatibility, getCompatibility } from './contract'

// A backend that does not fit is 503, with the same body as one that does.
export const compatibilityReply = async (scope: Scope, given: string | undefined): Promise<Compatibility> => {
  const found = await checkCompatibility(scope, given)
  if (found.compatible) return found
  const body = JSON.parse(wireText(getCompatibility, found, true)) as Record<string, unknown>
  throw new Problem('incompatible', found.error, undefined, { body })
}
