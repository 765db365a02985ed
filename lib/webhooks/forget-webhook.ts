import type { Scope } from '@/lib/core/scope'
import { forgetTarget } from './sql'

/** Nobody sent the dead webhook again in its time: address, secret and headers go. */
export const forgetWebhook = async (scope: Scope, dead: { id: string; attempts: number }): Promise<void> => {
  await scope.command({ audit: [], writes: [{ statement: forgetTarget, rows: [dead] }] })
}
