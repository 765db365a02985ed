'use client'

import { changeOf, type Draft, documentOf } from './policy-draft'
import { useCreatePolicy, useUpdatePolicy } from './use-policies'

/** Makes a policy, or changes one from the revision that was read. */
export const useSavePolicy = (isKnown: boolean) => {
  const create = useCreatePolicy()
  const update = useUpdatePolicy()
  const used = isKnown ? update : create
  const run = (draft: Draft, revision: number) =>
    isKnown
      ? update.mutateAsync({ params: { policy_id: draft.id }, body: changeOf(draft, revision) }).catch(() => null)
      : create.mutateAsync({ body: documentOf(draft) }).catch(() => null)
  return { run, error: used.error, isPending: used.isPending, reset: used.reset }
}
