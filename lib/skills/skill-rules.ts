import { estimateTokens } from '@/lib/shared/chat'

// What Agent Skills ask for. None of it keeps a skill from loading; all of it is told.
type Facts = {
  name: string
  givenName: unknown
  description: unknown
  folder: string
  body: string
  files: readonly string[]
}

const MOST_LINES = 500
const MOST_TOKENS = 5_000

const nameWarnings = ({ name, givenName, folder }: Facts): string[] => {
  if (givenName === undefined) return ['name is missing; the name of the folder is used']
  const own = folder.split('/').at(-1) ?? ''
  return [
    ...(name.length > 64 ? ['name is longer than 64 characters'] : []),
    ...(/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)
      ? []
      : ['name must be lower case letters, digits and single hyphens, none at its ends']),
    ...(name === own ? [] : [`name differs from its folder ${own}`]),
  ]
}

const descriptionWarnings = (description: unknown): string[] => {
  if (typeof description !== 'string' || description.trim() === '') return ['description is missing']
  return description.length > 1024 ? ['description is longer than 1024 characters'] : []
}

const bodyWarnings = (body: string): string[] => [
  ...(body.split('\n').length >= MOST_LINES ? [`the body has ${MOST_LINES} lines or more`] : []),
  ...(estimateTokens(body) >= MOST_TOKENS ? [`the body has about ${MOST_TOKENS} tokens or more`] : []),
]

const fileWarnings = (files: readonly string[]): string[] =>
  files.some((file) => /^references\/.+\//.test(file)) ? ['references are deeper than one level'] : []

export const ruleWarnings = (facts: Facts): string[] => [
  ...nameWarnings(facts),
  ...descriptionWarnings(facts.description),
  ...bodyWarnings(facts.body),
  ...fileWarnings(facts.files),
]
