import type { z } from 'zod'
import type { Scope } from '@/lib/core/scope'
import type { opsPutToolSettings, ToolSettingsView } from './contract'
import type { Patterns } from './permission'
import { putSettings, settingsIn, type ToolSettings } from './store'

type View = z.input<typeof ToolSettingsView>
type Change = Omit<z.output<(typeof opsPutToolSettings)['body']>, 'tenant_id'>

const distinct = (patterns: Patterns): '*' | string[] => (patterns === '*' ? '*' : [...new Set(patterns)])

const present = (tenantId: string, { allowed, denied, updatedAt }: ToolSettings): View => ({
  tenant_id: tenantId,
  allowed_tools: distinct(allowed),
  denied_tools: [...denied],
  updated_at: updatedAt?.toISOString() ?? null,
})

export const toolSettings = async (scope: Scope): Promise<View> => present(scope.tenantId, await settingsIn(scope.db))

export const changeToolSettings = (scope: Scope, change: Change): Promise<View> =>
  scope.mutate(
    {
      event: 'config_change',
      entityId: 'settings:tools',
      data: ({ allowed_tools, denied_tools }: View) => ({ kind: 'tool_settings', allowed_tools, denied_tools }),
    },
    async (db) => {
      const { allowed_tools: allowed, denied_tools: denied } = change
      const wanted = {
        ...(allowed === undefined ? {} : { allowed: distinct(allowed) }),
        ...(denied === undefined ? {} : { denied: [...new Set(denied)] }),
      }
      await putSettings(db, wanted, scope.clock.now())
      return present(scope.tenantId, await settingsIn(db))
    },
  )
