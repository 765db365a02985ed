import type { ListedVersion } from '@/lib/workspace/contract/version'
import type { useDraft } from './use-draft'
import type { PlaceOf } from './use-place'

export type TabProps = {
  id: string
  latest: ListedVersion
  recent: readonly ListedVersion[]
  place: PlaceOf
  // What is looked at: asked for, or what the draft stands on, or the last one.
  shown: string
  drafting: ReturnType<typeof useDraft>
}
