// What an agent can do: SKILL.md files read, judged by what this host offers, and put into words for a model.
export { declaredRisk } from './declared-risk'
export { ARGUMENT_REFERENCE, SECRET_REFERENCE, type SkillHttpTool } from './http-tool'
export { type FileSkill, parseSkill, type SkillPermissions, type SkillSource, skipSkill } from './parse-skill'
export { presentSkills } from './present'
export { NO_REGISTRY_SKILLS, type RegistrySkills, registrySkillsFor } from './registry-skills'
export { instructionsOf, renderSkills, skillBlock, skillCatalog } from './skill-block'
export { httpToolsOf, skillSet, toolGrantsOf } from './skill-set'
export { thisHost } from './this-host'
