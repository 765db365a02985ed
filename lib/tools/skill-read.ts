import type { SkillFiles } from '@/lib/workspace'
import { type Tool, ToolFault } from './tool'

export const SKILL_READ = 'skill_read'

const PARAMETERS = {
  type: 'object',
  properties: {
    path: {
      type: 'string',
      minLength: 1,
      maxLength: 1_000,
      description: 'The location of a skill, or <name of the skill>/<file>, such as refunds/references/rules.md',
    },
  },
  required: ['path'],
  additionalProperties: false,
}

const unknown = (near: readonly string[]): string =>
  near.length === 0
    ? 'Your skills have no such text file. Give the location of a skill, or <name of the skill>/<file>'
    : `Your skills have no such text file. Did you mean ${near.join(' or ')}?`

const textIn = async (files: SkillFiles, path: string): Promise<string> => {
  const answer = await files.read(path)
  if ('text' in answer) return answer.text
  if (answer.fault === 'unknown') throw new ToolFault(unknown(answer.near))
  throw new ToolFault('The file changed meanwhile: this run has begun with another version of it')
}

// What the prompt only names: instructions of listed skills, and the files that instructions refer to.
export const skillReadTool = (files: SkillFiles): Tool => ({
  name: SKILL_READ,
  description: 'Read the instructions of one of your skills, or a text file that they refer to.',
  parameters: PARAMETERS,
  source: 'built-in',
  isReadOnly: true,
  run: async ({ path }) => ({ value: await textIn(files, String(path)) }),
})
