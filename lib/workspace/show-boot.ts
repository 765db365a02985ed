import { seesTexts } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { bootFileOf } from './boot-state'
import type { BootView } from './contract'
import { resolveRun } from './environments/resolve-run'

export const showBoot = async (scope: Scope): Promise<BootView> => {
  const { folder, isBootComplete } = (await resolveRun(scope, { workspaceId: scope.workspaceId })).bundle
  const name = bootFileOf(folder.texts)
  const text = name === undefined ? null : (folder.texts.get(name) ?? null)
  return {
    has_boot: name !== undefined,
    is_complete: isBootComplete,
    content: isBootComplete || !seesTexts(scope) ? null : text,
  }
}
