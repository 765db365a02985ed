import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import type { CommandWrite } from '@/lib/core/writer'
import { webhookWrites } from '@/lib/webhooks'

type Alarm = {
  id: string
  permissions: readonly string[]
  reason_code: string
  justification: string
  expires_at: string
}

/** The same news to an address outside, where one is set: signed, kept with the window, tried again. */
export const alarmWrites = async (scope: Scope, alarm: Alarm): Promise<CommandWrite[]> => {
  const { CLASPER_BREAK_GLASS_WEBHOOK_URL: url, CLASPER_BREAK_GLASS_WEBHOOK_SECRET: secret } = kernel().env
  if (url === '') return []
  const { id, ...told } = alarm
  const { actor, userId, role } = scope.identity
  const payload = { tenant_id: scope.tenantId, break_glass_id: id, actor, user_id: userId, role, ...told }
  const made = { traceId: null, event: 'break_glass.opened', url, payload }
  return (await webhookWrites(scope, secret === '' ? made : { ...made, secret })).writes
}
