import type { Impact } from '../contract/impact'
import type { FolderBundle } from '../folder-bundle'
import {
  changedFiles,
  DEFAULT_ROLE,
  grantChanges,
  promptOf,
  type SkillPart,
  skillsIn,
  type Today,
} from './changed-parts'

// What every skill is read together with.
const COMMON: ReadonlySet<string> = new Set(
  ['SOUL', 'IDENTITY', 'MEMORY', 'AGENTS', 'TOOLS', 'USER'].map((name) => `${name}.md`),
)
const isCommon = (path: string): boolean => COMMON.has(path) || path.startsWith('souls/')

const SAME_COST_PERCENT = 5
const LARGE_PROMPT_PERCENT = 30

type Affected = Impact['affected_skills'][number]
type Named = readonly [name: string, skill: SkillPart]

// By its folder, its file, or its name in code marks or brackets.
const speaksOf = (body: string, name: string, { folder }: SkillPart): boolean =>
  body.includes(`${folder}/`) ||
  body.includes(`\`${name}\``) ||
  body.includes(`[[${name}]]`) ||
  body.includes(`../${name}/`)

const affected = ([name, { version, state }]: Named, type: Affected['change_type'], files: string[]): Affected => ({
  name,
  ...{ version, state },
  change_type: type,
  affected_files: files,
})

const filesChanged = (before: SkillPart, after: SkillPart): string[] => {
  const paths = [...new Set([...before.files.keys(), ...after.files.keys()])].sort()
  const changed = paths.filter((path) => before.files.get(path) !== after.files.get(path))
  return changed.length > 0 ? changed : [after.location]
}

type Skills = ReadonlyMap<string, SkillPart>

const directly = (from: Skills, to: Skills): Affected[] => [
  ...[...to].flatMap(([name, skill]) => {
    const before = from.get(name)
    if (before === undefined) return [affected([name, skill], 'added', filesOf(skill))]
    return before.mark === skill.mark ? [] : [affected([name, skill], 'modified', filesChanged(before, skill))]
  }),
  ...[...from].flatMap(([name, skill]) => (to.has(name) ? [] : [affected([name, skill], 'deleted', filesOf(skill))])),
]

const filesOf = ({ files, location }: SkillPart): string[] => (files.size > 0 ? [...files.keys()] : [location])

// Skills that are as they were, beside or upon something that is not.
const dependent = (from: Skills, to: Skills, direct: readonly Affected[], common: readonly string[]): Affected[] => {
  const changed = new Set(direct.map(({ name }) => name))
  return [...to].flatMap(([name, skill]) => {
    if (changed.has(name)) return []
    const upon = direct.filter((other) => {
      const part = to.get(other.name) ?? from.get(other.name)
      return part !== undefined && speaksOf(skill.body, other.name, part)
    })
    const files = [...common, ...upon.flatMap((other) => other.affected_files)]
    return files.length === 0 ? [] : [affected([name, skill], 'dependency_changed', [...new Set(files)])]
  })
}

const percentOf = (before: number, after: number): number | null =>
  before === 0 ? null : Math.round(((after - before) / before) * 1_000) / 10

const costOf = (percent: number | null): Impact['summary']['estimated_cost_impact'] => {
  if (percent === null) return 'unknown'
  if (Math.abs(percent) <= SAME_COST_PERCENT) return 'unchanged'
  return percent > 0 ? 'increase' : 'decrease'
}

type Point = { points: number; factor: string }

const some = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

const pointsOf = (skills: readonly Affected[], permissions: number, percent: number | null): Point[] => {
  const deleted = skills.filter((skill) => skill.change_type === 'deleted').length
  const drafts = skills.filter((skill) => skill.state === 'draft' && skill.change_type !== 'deleted').length
  const isLarge = percent !== null && Math.abs(percent) > LARGE_PROMPT_PERCENT
  const all: Point[] = [
    { points: skills.length > 5 ? 2 : skills.length > 2 ? 1 : 0, factor: `${skills.length} skills are affected` },
    { points: permissions, factor: some(permissions, 'permission changes', 'permissions change') },
    { points: isLarge ? 2 : 0, factor: `The prompt changes by ${percent} percent` },
    { points: deleted, factor: some(deleted, 'skill is deleted', 'skills are deleted') },
    { points: drafts, factor: some(drafts, 'skill is a draft', 'skills are drafts') },
  ]
  return all.filter(({ points }) => points > 0)
}

const levelOf = (points: number): Impact['risk']['level'] => (points < 2 ? 'low' : points < 5 ? 'medium' : 'high')

type Parts = { skills: readonly Affected[]; permissions: Impact['permission_changes']; percent: number | null }

const advice = ({ skills, permissions, percent }: Parts, level: Impact['risk']['level']): string[] => {
  const has = (isSo: (skill: Affected) => boolean): boolean => skills.some(isSo)
  const wider = permissions.filter((change) => change.change_type === 'added').map(({ tool_name: tool }) => tool)
  const lines: [boolean, string][] = [
    [skills.length > 0, 'Run the tests of the affected skills before it is promoted.'],
    [wider.length > 0, `Check that these tools may be used: ${[...new Set(wider)].slice(0, 10).join(', ')}.`],
    [
      has(({ change_type: type }) => type === 'deleted'),
      'Make sure that nothing asks for the deleted skills any more.',
    ],
    [has(({ state }) => state === 'draft'), 'Have the draft skills tested and approved: they do not run as they are.'],
    [costOf(percent) === 'increase', 'Check the budget: the prompt is longer, so each run costs more.'],
    [level === 'high', 'Promote it to staging first, and let a second person look at it.'],
  ]
  return lines.flatMap(([applies, line]) => (applies ? [line] : []))
}

const pathsOf = (files: ReturnType<typeof changedFiles>, status: string): string[] =>
  files.filter((file) => file.status === status).map(({ path }) => path)

/** What it changes to go from one folder to another; null is a place where nothing ran before. */
export const impactBetween = (
  from: FolderBundle | null,
  empty: FolderBundle,
  to: FolderBundle,
  days: Today,
): Impact => {
  const before = from ?? empty
  const files = changedFiles(before, to)
  const [old, next] = [skillsIn(before), skillsIn(to)]
  const direct = directly(old, next)
  const common = from === null ? [] : files.map(({ path }) => path).filter(isCommon)
  const skills = [...direct, ...dependent(old, next, direct, common)]
  const permissions = grantChanges(before, to)
  const sizes = [from === null ? 0 : promptOf(from, DEFAULT_ROLE, days).length, promptOf(to, DEFAULT_ROLE, days).length]
  const [current = 0, fresh = 0] = sizes
  const percent = percentOf(current, fresh)
  const points = pointsOf(skills, permissions.length, percent)
  const level = levelOf(points.reduce((sum, point) => sum + point.points, 0))
  return {
    summary: {
      total_files_changed: files.length,
      skills_affected: skills.length,
      permissions_changed: permissions.length,
      estimated_cost_impact: costOf(percent),
    },
    file_changes: {
      added: pathsOf(files, 'added'),
      modified: [...pathsOf(files, 'modified'), ...pathsOf(files, 'mode')].sort(),
      deleted: pathsOf(files, 'deleted'),
    },
    affected_skills: skills,
    permission_changes: permissions,
    prompt_impact: { current_size: current, new_size: fresh, delta: fresh - current, percent_change: percent },
    risk: { level, factors: points.map(({ factor }) => factor) },
    recommendations: advice({ skills, permissions, percent }, level),
  }
}
