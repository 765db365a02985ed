import type { FileSkill } from './parse-skill'

const MOST_IN_A_RUN = 64

const shadowed = (skill: FileSkill, first: FileSkill): FileSkill => ({
  ...skill,
  isKnown: false,
  isEnabled: false,
  isVisible: false,
  gateReason: `Skipped: ${first.location} has the same name`,
})

// The first of a name wins, and a run carries so many and no more.
export const skillSet = (found: readonly FileSkill[]): FileSkill[] => {
  const first = new Map<string, FileSkill>()
  let visible = 0
  return found.map((skill) => {
    if (!skill.isKnown) return skill
    const earlier = first.get(skill.name)
    if (earlier) return shadowed(skill, earlier)
    first.set(skill.name, skill)
    if (!skill.isVisible || ++visible <= MOST_IN_A_RUN) return skill
    const warning = `A run carries at most ${MOST_IN_A_RUN} skills; this one is left out`
    return { ...skill, isVisible: false, warnings: [...skill.warnings, warning] }
  })
}

const inPlay = (skills: readonly FileSkill[]): FileSkill[] => skills.filter((skill) => skill.isVisible)

// What the skills in play permit: a skill that the model never sees permits nothing.
export const toolGrantsOf = (skills: readonly FileSkill[]): string[] => [
  ...new Set(inPlay(skills).flatMap((skill) => skill.allowedTools)),
]

export const httpToolsOf = (skills: readonly FileSkill[]): FileSkill['httpTools'] =>
  inPlay(skills).flatMap((skill) => skill.httpTools)
