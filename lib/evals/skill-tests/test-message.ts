import type { Manifest, SkillTest } from '@/lib/skills'

const SPOKEN = ['message', 'prompt', 'text', 'input', 'query', 'question'] as const

const spokenOf = (input: Readonly<Record<string, unknown>>): string | null => {
  const [only, ...more] = Object.entries(input)
  if (only === undefined || more.length > 0) return null
  const [key, value] = only
  return typeof value === 'string' && SPOKEN.some((word) => word === key) ? value : null
}

const outputsOf = ({ outputs = {} }: Manifest): string => {
  const rows = Object.entries(outputs).map(([name, { type, description, values }]) => {
    const choice = values === undefined ? '' : `, one of ${values.map((value) => JSON.stringify(value)).join(', ')}`
    return `- ${name} (${type}${choice})${description === undefined ? '' : `: ${description}`}`
  })
  return rows.length === 0 ? '' : `\n\nAnswer with one JSON object and nothing else. Its keys:\n${rows.join('\n')}`
}

/** What the agent is asked in a test: the words of the input, or the skill's name with the values it is to work on. */
export const messageOf = (manifest: Manifest, { input }: Pick<SkillTest, 'input'>): string => {
  const spoken = spokenOf(input)
  const asked = spoken ?? `Use the skill ${manifest.name} with this input:\n\n${JSON.stringify(input, null, 2)}`
  return `${asked}${outputsOf(manifest)}`
}
