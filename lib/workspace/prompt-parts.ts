import { renderSkills, skillCatalog } from '@/lib/skills'
import { bootFileOf } from './boot-state'
import { budgetOf, FILE_LIMIT, fitText, TOTAL_LIMIT, USER_LIMIT } from './fit-text'
import type { FolderBundle } from './folder-bundle'
import type { PromptFile, StablePrompt } from './prompt-file'

export type PromptChoice = {
  role: string
  isHeartbeat: boolean
  isBootComplete: boolean
  today: string
  yesterday: string
}

type Candidate = { path: string; heading: string | null; limit: number; isUsed: boolean; isMemory: boolean }

const soulOf = (texts: ReadonlyMap<string, string>, role: string): string => {
  const own = `souls/${role}.md`
  return texts.has(own) ? own : 'SOUL.md'
}

const candidatesOf = ({ texts }: FolderBundle, choice: PromptChoice): Candidate[] => {
  const file = (path: string, heading: string | null, over: Partial<Candidate> = {}): Candidate => ({
    path,
    heading,
    limit: FILE_LIMIT,
    isUsed: true,
    isMemory: false,
    ...over,
  })
  return [
    file('AGENTS.md', '## Operating Rules'),
    file(soulOf(texts, choice.role), null),
    file('TOOLS.md', '## Tools'),
    file('IDENTITY.md', '## Identity'),
    file('USER.md', '## User', { limit: USER_LIMIT }),
    file('HEARTBEAT.md', '## Heartbeat', { isUsed: choice.isHeartbeat }),
    file(bootFileOf(texts) ?? 'BOOT.md', '## First Run', { isUsed: !choice.isBootComplete }),
    file('MEMORY.md', '### Long-term Memory', { isMemory: true }),
    file(`memory/${choice.yesterday}.md`, `### Yesterday (${choice.yesterday})`, { isMemory: true }),
    file(`memory/${choice.today}.md`, `### Today (${choice.today})`, { isMemory: true }),
  ]
}

type PartTexts = { parts: string[]; memory: string[]; files: PromptFile[] }

const worded = (heading: string | null, path: string, { text, state }: PromptFile): string =>
  state === 'omitted' ? `[${path} omitted: prompt size limit]` : heading === null ? text : `${heading}\n\n${text}`

// Parts 1 to 7 and 9, each within its own limit and all within one.
const fileParts = (bundle: FolderBundle, choice: PromptChoice, withMemory: boolean): PartTexts => {
  const admit = budgetOf(TOTAL_LIMIT)
  const result: PartTexts = { parts: [], memory: [], files: [] }
  for (const { path, heading, limit, isUsed, isMemory } of candidatesOf(bundle, choice)) {
    const raw = bundle.texts.get(path)
    const text = raw?.trim() ?? ''
    if (raw === undefined || text === '' || !isUsed || (isMemory && !withMemory)) {
      result.files.push({ path, raw, text: '', state: raw === undefined ? 'absent' : 'unused' })
      continue
    }
    const own = fitText(text, limit)
    const admitted = admit(own.text)
    const state = admitted.state === 'whole' && own.isCut ? 'cut' : admitted.state
    const file: PromptFile = { path, raw, text: admitted.text, state }
    result.files.push(file)
    result[isMemory ? 'memory' : 'parts'].push(worded(heading, path, file))
  }
  return result
}

const cutIn = (files: readonly PromptFile[], state: PromptFile['state']): string[] =>
  files.filter((file) => file.state === state).map((file) => file.path)

const SKILL_HEADINGS = { block: '## Skills', catalog: '## Available Skills' } as const

const joined = (texts: readonly string[]): string => texts.filter((text) => text !== '').join('\n\n')

// All that does not change from one minute to the next, so that it is made once and providers may cache it.
export const stablePrompt = (bundle: FolderBundle, choice: PromptChoice, isSmart: boolean): StablePrompt => {
  const { parts, memory, files } = fileParts(bundle, choice, !isSmart)
  const visible = bundle.skills.filter((skill) => skill.isVisible)
  const skills = visible.length === 0 ? null : isSmart ? skillCatalog(visible) : renderSkills(visible)
  return {
    text: joined([...parts, skills ? `${SKILL_HEADINGS[skills.form]}\n\n${skills.text}` : '', ...memory]),
    files,
    truncated: cutIn(files, 'cut'),
    omitted: cutIn(files, 'omitted'),
    skillForm: skills?.form ?? 'none',
  }
}
