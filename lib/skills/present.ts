import type { SkillList, SkillView } from './contract'
import type { FileSkill } from './parse-skill'

const presentSkill = (skill: FileSkill): SkillView => ({
  name: skill.name,
  description: skill.description,
  enabled: skill.isEnabled,
  ...(skill.gateReason === undefined ? {} : { gate_reason: skill.gateReason }),
  location: skill.location,
  source: skill.source,
  ...(skill.version === undefined ? {} : { version: skill.version }),
  ...(skill.state === undefined ? {} : { state: skill.state }),
  in_inventory: skill.isKnown,
  ready: skill.isEnabled,
  visible: skill.isVisible,
  ...(skill.emoji === undefined ? {} : { emoji: skill.emoji }),
  allowed_tools: [...skill.allowedTools],
  http_tools: skill.httpTools.map((tool) => tool.name),
  ...(skill.metadata === undefined ? {} : { metadata: skill.metadata }),
  warnings: [...skill.warnings],
})

export const presentSkills = (skills: readonly FileSkill[]): SkillList => ({
  enabled: skills.filter((skill) => skill.isEnabled).length,
  total: skills.length,
  skills: skills.map(presentSkill),
})
