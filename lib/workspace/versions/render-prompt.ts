import type { Scope } from '@/lib/core/scope'
import { estimateTokens } from '@/lib/shared/chat'
import type { BodyOf } from '@/lib/shared/contract'
import type { opsRenderPrompt, RenderedPrompt } from '../contract/workspaces'
import { skillsOfRun } from '../environments/skills-of-run'
import type { FolderBundle } from '../folder-bundle'
import { keptBytes } from '../kept-bodies'
import { presentBundle } from '../load-bundle'
import { folderOfBytes } from '../load-snapshot'
import type { PromptFile } from '../prompt-file'
import { stablePrompt } from '../prompt-parts'
import { rolesOf } from './changed-parts'
import { checkFiles } from './check-files'
import { daysNow } from './diff-versions'
import { changedFiles } from './read-json'
import { requireRow, shortHash } from './require-version'
import { versionSide } from './side'
import { versionContents } from './version-files'

type Asked = BodyOf<typeof opsRenderPrompt>
type Drawn = { hash: string; folder: FolderBundle; isDraft: boolean }

// What would be saved, without saving it.
const draftOf = async (scope: Scope, workspaceId: string, name: string, asked: Asked): Promise<Drawn> => {
  const { hash } = await requireRow(scope, workspaceId, name)
  const before = []
  for await (const { path, bytes, isExecutable } of versionContents(scope, workspaceId, hash))
    before.push({ path, bytes, isExecutable })
  const { files } = checkFiles(changedFiles(before, { changed: asked.changed, deleted: asked.deleted }))
  const kept = files.map(({ path, bytes, isExecutable = false }) => keptBytes({ path, isExecutable }, bytes))
  const draft = presentBundle({ workspaceId, place: null }, folderOfBytes(hash, kept, files), true)
  const { bundle } = await skillsOfRun(scope, draft, {})
  return { hash, folder: bundle.folder, isDraft: true }
}

const isUnchanged = ({ changed = {}, deleted = [] }: Asked): boolean =>
  Object.keys(changed).length === 0 && deleted.length === 0

const drawn = async (scope: Scope, workspaceId: string, name: string, asked: Asked): Promise<Drawn> => {
  if (!isUnchanged(asked)) return draftOf(scope, workspaceId, name, asked)
  const { hash, folder } = await versionSide(scope, workspaceId, name)
  return { hash, folder, isDraft: false }
}

// Parts follow one another, so each is looked for after the one before.
const partsIn = (text: string, files: readonly PromptFile[]): RenderedPrompt['parts'] => {
  let from = 0
  return files.map(({ path, raw, text: own, state }) => {
    const at = own === '' ? -1 : text.indexOf(own, from)
    if (at >= 0) from = at + own.length
    return {
      path,
      state,
      raw_chars: raw?.length ?? 0,
      injected_chars: own.length,
      starts_at: at < 0 ? null : at,
    }
  })
}

/** The prompt of a version for one role, without the time of day: what is shown beside its files. */
export const renderPrompt = async (
  scope: Scope,
  workspaceId: string,
  name: string,
  asked: Asked,
): Promise<{ prompt: RenderedPrompt }> => {
  const { hash, folder, isDraft } = await drawn(scope, workspaceId, name, asked)
  const choice = { role: asked.role, isHeartbeat: false, isBootComplete: true, ...daysNow(scope) }
  const { text, files, skillForm } = stablePrompt(folder, choice, false)
  return {
    prompt: {
      workspace_id: workspaceId,
      version_hash: shortHash(hash),
      is_draft: isDraft,
      role: asked.role,
      roles: rolesOf(folder),
      text,
      estimated_tokens: estimateTokens(text),
      parts: partsIn(text, files),
      skills_form: skillForm,
      warnings: [...folder.warnings],
    },
  }
}
