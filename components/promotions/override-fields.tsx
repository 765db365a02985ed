'use client'

import { useWhy, WhyFields } from '@/components/receipts/why-fields'

export const useOverride = useWhy

type Override = ReturnType<typeof useOverride>

export const overrideOf = ({ code, text }: Override) => ({
  override: { reason_code: code, justification: text.trim() },
})

/** An exception is possible and never free: what it leaves behind is said before. */
export const OverrideFields = ({ override, error }: { override: Override; error: unknown }) => (
  <section aria-label="Override" className="grid gap-3 rounded-md border border-warn bg-warn-soft p-4">
    <p className="text-table text-warn">
      This passes what failed. It leaves a receipt with your name, which a second person has to acknowledge, and an
      entry in the audit log.
    </p>
    <WhyFields why={override} error={error} />
  </section>
)
