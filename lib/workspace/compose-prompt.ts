import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import { skillBlock } from '@/lib/skills'
import { RoleName } from './contract'
import type { Bundle } from './load-bundle'
import { dayOf, type LocalTime, localTime, timeBlock } from './local-time'
import type { PromptFile, StablePrompt } from './prompt-file'
import { type PromptChoice, stablePrompt } from './prompt-parts'
import { recallContext, type Selection, type SmartNotes, type SmartWishes, selectContext } from './select-context'

export type PromptInput = {
  role: string
  isHeartbeat: boolean
  timezone?: string | undefined
  message: string
  smart?: SmartWishes | undefined
  // The moment that the prompt speaks of; now unless given.
  at?: Date
  // What a run before has chosen, null for everything; chosen anew unless given.
  chosen?: SmartNotes | null
}

export type PromptNotes = {
  truncated: readonly string[]
  omitted: readonly string[]
  skills: StablePrompt['skillForm']
  smart?: SmartNotes
}

export type ComposedPrompt = { system: string; notes: PromptNotes; files: readonly PromptFile[] }

const CUT_NOTE = '[Note: some workspace files were truncated.]'

const nothingFound = (role: string): string =>
  `You are a helpful AI assistant (role: ${role}). Follow instructions carefully and provide accurate, helpful responses.`

const mustBeRole = (role: string): void => {
  if (RoleName.safeParse(role).success) return
  throw new Problem('invalid_request', 'Invalid payload', {
    formErrors: [],
    fieldErrors: { role: ['must be 1 to 64 letters, digits, _ or -, beginning with a letter or digit'] },
  })
}

export const timeZoneOf = (wish: string | undefined): string => {
  const setting = kernel().env.CLASPER_DEFAULT_TIMEZONE
  return wish ?? (setting === '' ? 'UTC' : setting)
}

const choiceOf = (bundle: Bundle, { role, isHeartbeat }: PromptInput, at: LocalTime): PromptChoice => ({
  role,
  isHeartbeat,
  isBootComplete: bundle.isBootComplete,
  today: dayOf(at),
  yesterday: dayOf(at, 1),
})

// The key names everything that a stable prompt depends on besides the files it is kept with.
const remembered = (bundle: Bundle, choice: PromptChoice, isSmart: boolean): StablePrompt => {
  const { prompts } = bundle.folder
  const key = `${choice.role} ${choice.isHeartbeat} ${choice.isBootComplete} ${choice.today} ${isSmart}`
  const known = prompts.get(key)
  if (known) return known
  const made = stablePrompt(bundle.folder, choice, isSmart)
  prompts.set(key, made)
  return made
}

const relevantMemory = ({ memory }: Selection): string => {
  const texts = memory.map(({ title, text }) => `### ${title}\n\n${text}`)
  return texts.length === 0 ? '' : ['## Relevant Memory', ...texts].join('\n\n')
}

const selectedSkills = ({ skills }: Selection): string =>
  skills.length === 0 ? '' : `## Skills\n\n${skillBlock(skills)}`

const finish = (stable: StablePrompt, chosen: readonly string[], role: string, at: LocalTime): string => {
  const content = [stable.text, ...chosen].filter((text) => text !== '')
  const isCut = stable.truncated.length + stable.omitted.length > 0
  return [
    ...(content.length > 0 ? content : [nothingFound(role)]),
    ...(kernel().env.CLASPER_INCLUDE_TIME_CONTEXT ? [timeBlock(at)] : []),
    ...(isCut ? [CUT_NOTE] : []),
  ].join('\n\n')
}

const noted = (stable: StablePrompt, smart?: SmartNotes): PromptNotes => ({
  truncated: stable.truncated,
  omitted: stable.omitted,
  skills: stable.skillForm,
  ...(smart ? { smart } : {}),
})

const selected = async (scope: Scope, bundle: Bundle, input: PromptInput): Promise<Selection | string> => {
  try {
    return await selectContext(scope, bundle.folder, input.message, input.smart ?? {})
  } catch (error) {
    scope.log.error('smart context failed', { error })
    return 'The index failed; everything was sent'
  }
}

const choiceFor = async (scope: Scope, bundle: Bundle, input: PromptInput): Promise<Selection | string | null> => {
  const { chosen } = input
  if (chosen !== undefined) return chosen === null ? null : (chosen.fallback ?? recallContext(bundle.folder, chosen))
  const wantsSmart = kernel().env.CLASPER_SMART_CONTEXT && input.smart?.skipSmartContext !== true
  return wantsSmart ? selected(scope, bundle, input) : null
}

/** The system prompt of a run. Unknown time zones and impossible roles are refused before anything is read. */
export const composePrompt = async (scope: Scope, bundle: Bundle, input: PromptInput): Promise<ComposedPrompt> => {
  mustBeRole(input.role)
  const at = localTime(input.at ?? scope.clock.now(), timeZoneOf(input.timezone))
  const choice = choiceOf(bundle, input, at)
  const choiceMade = await choiceFor(scope, bundle, input)
  if (choiceMade === null || typeof choiceMade === 'string') {
    const stable = remembered(bundle, choice, false)
    const smart = choiceMade === null ? undefined : { skills: [], memory: [], fallback: choiceMade }
    return { system: finish(stable, [], input.role, at), notes: noted(stable, smart), files: stable.files }
  }
  const stable = remembered(bundle, choice, true)
  const chosen = [selectedSkills(choiceMade), relevantMemory(choiceMade)]
  return {
    system: finish(stable, chosen, input.role, at),
    notes: noted(stable, choiceMade.notes),
    files: stable.files,
  }
}
