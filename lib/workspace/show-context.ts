import type { Scope } from '@/lib/core/scope'
import { estimateTokens } from '@/lib/shared/chat'
import { composePrompt } from './compose-prompt'
import type { ContextView } from './contract'
import { resolveRun } from './environments/resolve-run'
import { FILE_LIMIT, TOTAL_LIMIT } from './fit-text'
import type { PromptFile } from './prompt-file'

const presentFile = ({ path, raw, text, state }: PromptFile): ContextView['files'][number] => ({
  name: path,
  exists: raw !== undefined,
  raw_chars: raw?.length ?? 0,
  injected_chars: text.length,
  truncated: state === 'cut' || state === 'omitted',
  estimated_tokens: estimateTokens(text),
})

type Asked = { role?: string | undefined; environment?: string | undefined }

/** What an ordinary run would get now: sizes and states, never contents. */
export const showContext = async (scope: Scope, { role, environment }: Asked): Promise<ContextView> => {
  const { bundle, ...resolved } = await resolveRun(scope, { workspaceId: scope.workspaceId, environment })
  const input = { role: role ?? 'agent', isHeartbeat: false, message: '', smart: { skipSmartContext: true } }
  const { system, notes, files } = await composePrompt(scope, bundle, input)
  return {
    workspace_path: bundle.shownPath,
    workspace_id: bundle.workspaceId,
    workspace_hash: bundle.hash,
    environment: resolved.environment,
    is_pinned: resolved.pin !== null,
    skill_versions: { ...resolved.skillVersions },
    max_chars_per_file: FILE_LIMIT,
    max_total_chars: TOTAL_LIMIT,
    files: files.map(presentFile),
    total_bootstrap_chars: files.reduce((sum, { text }) => sum + text.length, 0),
    system_prompt_chars: system.length,
    estimated_system_prompt_tokens: estimateTokens(system),
    skills_form: notes.skills,
    active_hours: bundle.activeHours ?? null,
    warnings: [...bundle.warnings],
  }
}
