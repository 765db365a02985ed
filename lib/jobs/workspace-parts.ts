import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { isProblem } from '@/lib/shared/problem'
import { listSkills, showBoot, showContext } from '@/lib/workspace'
import type { OpsHealth } from './contract/health'
import { fenceOf } from './fence'

type Files = Pick<OpsHealth, 'workspace' | 'skills'>
type Context = Awaited<ReturnType<typeof showContext>>
type File = Context['files'][number]

const DEFAULT_WORKSPACE = 'default'

const stateOf = (file: File): OpsHealth['workspace']['files'][number]['state'] => {
  if (!file.exists) return 'absent'
  if (file.truncated) return file.injected_chars === 0 ? 'left_out' : 'cut'
  return file.injected_chars === 0 && file.raw_chars > 0 ? 'unused' : 'whole'
}

const workspaceOf = (context: Context, isComplete: boolean): OpsHealth['workspace'] => {
  const isThere = context.files.some(({ exists }) => exists)
  const isCut = context.files.some(({ truncated }) => truncated) || context.warnings.length > 0
  return {
    status: isThere ? (isCut ? 'degraded' : 'ok') : 'missing',
    id: context.workspace_id,
    hash: context.workspace_hash,
    path: context.workspace_path,
    max_chars_per_file: context.max_chars_per_file,
    max_total_chars: context.max_total_chars,
    total_chars: context.total_bootstrap_chars,
    files: context.files.map((file) => ({
      name: file.name,
      state: stateOf(file),
      raw_chars: file.raw_chars,
      injected_chars: file.injected_chars,
    })),
    boot_complete: isComplete,
    warnings: context.warnings,
    error: null,
  }
}

const skillsOf = ({ enabled, total, skills }: Awaited<ReturnType<typeof listSkills>>): OpsHealth['skills'] => ({
  status: 'ok',
  enabled,
  total,
  off: skills
    .filter((skill) => !skill.enabled)
    .map(({ name, gate_reason }) => ({ name, reason: gate_reason ?? 'not said' })),
  warnings: skills.flatMap(({ name, warnings }) => warnings.map((warning) => `${name}: ${warning}`)),
})

const broken = (id: string, error: unknown): Files => ({
  workspace: {
    status: 'error',
    id,
    hash: null,
    path: null,
    max_chars_per_file: 0,
    max_total_chars: 0,
    total_chars: 0,
    files: [],
    boot_complete: null,
    warnings: [],
    error: isProblem(error) ? error.message : 'The folder could not be read.',
  },
  skills: { status: 'unchecked', enabled: 0, total: 0, off: [], warnings: [] },
})

// The workspace that the caller sees first. A folder that cannot be read is a finding, not a failure of this page.
export const workspaceParts = async (scope: Scope): Promise<Files> => {
  const workspaceId = scope.workspaceId ?? fenceOf(scope)?.[0] ?? DEFAULT_WORKSPACE
  const here = { ...scope, workspaceId }
  try {
    const [context, boot, skills] = await Promise.all([showContext(here, {}), showBoot(here), listSkills(here)])
    return { workspace: workspaceOf(context, boot.is_complete || !boot.has_boot), skills: skillsOf(skills) }
  } catch (error) {
    if (!isProblem(error)) kernel().log.error('the workspace could not be looked at', { error })
    return broken(workspaceId, error)
  }
}
