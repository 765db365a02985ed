import type { FileSkill } from './parse-skill'

const MOST_CHARACTERS = 18_000
const SHORTENED = '[Some descriptions were shortened: prompt size limit.]'

export type RenderedSkills = { form: 'block' | 'catalog'; text: string; shortened: boolean }

export const instructionsOf = ({ body, folder }: FileSkill): string => body.replaceAll('{baseDir}', folder)

const entry = (skill: FileSkill): string => {
  const { emoji, name } = skill
  const title = `### ${emoji === undefined ? '' : `${emoji} `}${name}`
  const text = instructionsOf(skill)
  return text === '' ? title : `${title}\n\n${text}`
}

export const skillBlock = (skills: readonly FileSkill[]): string => skills.map(entry).join('\n\n---\n\n')

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => ESCAPES[letter] ?? letter)

const cut = (text: string, most: number): string => {
  if (text.length <= most) return text
  const end = Math.max(0, most - 1)
  const isHigh = /[\ud800-\udbff]/.test(text.charAt(end - 1))
  return `${text.slice(0, isHigh ? end - 1 : end)}…`
}

const row = ({ name, description, location }: FileSkill, most: number): string =>
  [
    '  <skill>',
    `    <name>${escaped(name)}</name>`,
    `    <description>${escaped(cut(description, most))}</description>`,
    `    <location>${escaped(location)}</location>`,
    '  </skill>',
  ].join('\n')

const catalogOf = (skills: readonly FileSkill[], most: number): string =>
  ['<available_skills>', ...skills.map((skill) => row(skill, most)), '</available_skills>'].join('\n')

// Every name and location stays; descriptions give way, all to the same length.
const fitting = (skills: readonly FileSkill[]): number => {
  let least = 0
  let most = Math.max(0, ...skills.map((skill) => skill.description.length))
  while (least < most) {
    const middle = Math.ceil((least + most) / 2)
    if (catalogOf(skills, middle).length <= MOST_CHARACTERS) least = middle
    else most = middle - 1
  }
  return least
}

export const skillCatalog = (skills: readonly FileSkill[]): RenderedSkills => {
  const longest = Math.max(0, ...skills.map((skill) => skill.description.length))
  const most = fitting(skills)
  const shortened = most < longest
  const text = catalogOf(skills, most)
  return { form: 'catalog', text: shortened ? `${text}\n${SHORTENED}` : text, shortened }
}

// All instructions while they are short enough, else the list to choose from.
export const renderSkills = (skills: readonly FileSkill[]): RenderedSkills => {
  const text = skillBlock(skills)
  return text.length > MOST_CHARACTERS ? skillCatalog(skills) : { form: 'block', text, shortened: false }
}
