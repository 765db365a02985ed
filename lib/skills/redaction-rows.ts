import type { RuleRow, Strategy } from '@/lib/core/redaction/rules'

// What a skill wants masked in runs that use it, in the words of its manifest.
export type SkillRedaction = {
  patterns: readonly string[]
  strategy: Strategy
  custom_patterns: readonly {
    name: string
    pattern: string
    strategy?: Strategy | undefined
    replacement?: string | undefined
  }[]
}

// The specification knows telephone numbers of the United States by two names.
export const kindNamed = (name: string): string => (name === 'phone' ? 'phone_us' : name)

/** The same as rows of rules. Names of own patterns carry the skill's, so that two skills never mean one thing. */
export const redactionRows = (skill: string, redaction: SkillRedaction): RuleRow[] => [
  ...redaction.patterns.map((name) => ({
    name: kindNamed(name),
    pattern: null,
    strategy: redaction.strategy,
    replacement: null,
    isEnabled: true,
  })),
  ...redaction.custom_patterns.map(({ name, pattern, strategy, replacement }) => ({
    name: `${skill}.${name}`,
    pattern,
    strategy: strategy ?? redaction.strategy,
    replacement: replacement ?? `[${name.toUpperCase()}]`,
    isEnabled: true,
  })),
]
