import { readAllowedTools } from './allowed-tools'
import { type FrontMatter, readFrontMatter } from './front-matter'
import { gateReason, type SkillHost } from './gates'
import { readHttpTools, type SkillHttpTool } from './http-tool'
import { metadataPart, type OpenClaw, readOpenClaw } from './open-claw'
import type { SkillRedaction } from './redaction-rows'
import { ruleWarnings } from './skill-rules'
import type { SkillState } from './states'

export type SkillSource = 'workspace' | 'agents' | 'registry'

// What a manifest holds a run to that uses the skill.
type SkillPermissions = {
  tools: readonly string[]
  maxTokens?: number
  allowedModels?: readonly string[]
}

// `isKnown`: it could be read. `isEnabled`: this host has what it needs. `isVisible`: the model gets to see it.
export type FileSkill = {
  name: string
  description: string
  folder: string
  location: string
  source: SkillSource
  body: string
  emoji?: string
  always: boolean
  isKnown: boolean
  isEnabled: boolean
  isVisible: boolean
  gateReason?: string
  allowedTools: readonly string[]
  httpTools: readonly SkillHttpTool[]
  metadata?: unknown
  extra: Readonly<Record<string, string | boolean>>
  warnings: readonly string[]
  // Of skills from the registry alone.
  version?: string
  contentHash?: string
  state?: SkillState
  permissions?: SkillPermissions
  redaction?: SkillRedaction
  files?: Readonly<Record<string, string>>
}

export type SkillFile = { folder: string; source: SkillSource; text: string; files: readonly string[] }

type Keys = ReadonlyMap<string, unknown>

const KEPT = ['license', 'compatibility', 'homepage', 'command-dispatch', 'command-tool', 'command-arg-mode'] as const

const folderName = (folder: string): string => folder.split('/').at(-1) ?? folder

const isYes = (value: unknown): boolean => value === true || value === 'true'
const isNo = (value: unknown): boolean => value === false || value === 'false'

const lineOf = (value: unknown): string => (typeof value === 'string' ? value.replaceAll(/\s+/g, ' ').trim() : '')

const extraOf = (keys: Keys): Record<string, string | boolean> => ({
  ...Object.fromEntries(KEPT.map((key) => [key, lineOf(keys.get(key))]).filter(([, text]) => text !== '')),
  'user-invocable': !isNo(keys.get('user-invocable')),
})

const compatibilityWarnings = (keys: Keys): string[] =>
  keys.has('compatibility') && !/^.{1,500}$/.test(lineOf(keys.get('compatibility')))
    ? ['compatibility must be a text of 1 to 500 characters']
    : []

const unreadable = ({ folder, source }: SkillFile, reason: string): FileSkill => ({
  name: folderName(folder),
  description: '',
  folder,
  location: `${folder}/SKILL.md`,
  source,
  body: '',
  always: false,
  isKnown: false,
  isEnabled: false,
  isVisible: false,
  gateReason: `Skipped: ${reason}`,
  allowedTools: [],
  httpTools: [],
  extra: {},
  warnings: [],
})

export const skipSkill = unreadable

type Read = Extract<FrontMatter, { ok: true }>

const fromKeys = (
  file: SkillFile,
  { keys, body, warnings }: Read,
  claw: OpenClaw,
  reason: string | null,
): FileSkill => {
  const name = lineOf(keys.get('name')) || folderName(file.folder)
  const description = lineOf(keys.get('description'))
  const tools = readAllowedTools(keys.get('allowed-tools'))
  const metadata = keys.get('metadata')
  const http = readHttpTools(metadataPart(metadata, 'clasper')?.['tools'], name)
  const facts = { name, givenName: keys.get('name'), description: keys.get('description'), body, ...file }
  return {
    name,
    description,
    folder: file.folder,
    location: `${file.folder}/SKILL.md`,
    source: file.source,
    body: body.trim(),
    ...(claw.emoji === undefined ? {} : { emoji: claw.emoji }),
    always: claw.always,
    isKnown: true,
    isEnabled: reason === null,
    isVisible: reason === null && !isYes(keys.get('disable-model-invocation')),
    ...(reason === null ? {} : { gateReason: reason }),
    allowedTools: tools.tools,
    httpTools: http.tools,
    ...(metadata === undefined || metadata === null ? {} : { metadata }),
    extra: extraOf(keys),
    warnings: [
      ...warnings,
      ...ruleWarnings(facts),
      ...compatibilityWarnings(keys),
      ...tools.warnings,
      ...http.warnings,
    ],
  }
}

export const parseSkill = (file: SkillFile, host: SkillHost): FileSkill => {
  const front = readFrontMatter(file.text)
  if (!front.ok) return unreadable(file, front.reason)
  const claw = readOpenClaw(front.keys.get('metadata'))
  return fromKeys(file, front, claw, gateReason(claw, host))
}
