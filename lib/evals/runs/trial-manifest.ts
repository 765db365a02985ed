import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import { loadManifest, type Manifest, type requireSkill, signatureFault } from '@/lib/skills'

type Row = Awaited<ReturnType<typeof requireSkill>>

/** A version in whatever state it is: it is tried before it is let loose. Whom nobody believes any more is not tried. */
export const trialManifest = async (scope: Scope, row: Row, act: 'tested' | 'evaluated'): Promise<Manifest> => {
  const manifest = await loadManifest(scope, row)
  const fault = typeof manifest === 'string' ? manifest : await signatureFault(scope, row)
  if (typeof manifest !== 'string' && fault === null) return manifest
  throw new Problem('config_error', `The skill cannot be ${act}: ${fault}.`)
}
