'use client'

import { useEffect, useState } from 'react'
import { z } from 'zod'
import { useViewer } from '@/components/shell/viewer'
import { type Draft, NO_DRAFT } from './draft'

const Kept = z.object({
  base: z.string().nullable(),
  changed: z.record(z.string(), z.string()),
  deleted: z.array(z.string()),
})

const read = (key: string): Draft => {
  try {
    return Kept.safeParse(JSON.parse(sessionStorage.getItem(key) ?? 'null')).data ?? NO_DRAFT
  } catch {
    return NO_DRAFT
  }
}

const keep = (key: string, draft: Draft): void => {
  try {
    if (draft.base === null) sessionStorage.removeItem(key)
    else sessionStorage.setItem(key, JSON.stringify(draft))
  } catch {
    // A draft that is too large for the browser's store lives as long as the page.
  }
}

/** What is not saved yet outlives a look at another page, in this tab of the browser. */
export const useDraft = (workspaceId: string): [Draft, (next: Draft) => void] => {
  const { me } = useViewer()
  const key = `clasper.draft.${me.active_tenant_id}.${workspaceId}`
  const [draft, setDraft] = useState<Draft>(NO_DRAFT)
  useEffect(() => setDraft(read(key)), [key])
  return [
    draft,
    (next) => {
      setDraft(next)
      keep(key, next)
    },
  ]
}
