import type { FileSkill } from '@/lib/skills'
import { type Checker, type Finding, fail, listed, pass, type Subject, unsure } from './check'

const named = ({ name, version }: FileSkill): string => `${name}@${version ?? 'latest'}`

const registrySkills = ({ candidate }: Subject): FileSkill[] =>
  candidate.bundle.skills.filter(({ source }) => source === 'registry')

const report = (mode: 'block' | 'report', details: string, evidence: Record<string, unknown>): Finding =>
  mode === 'block' ? fail(details, evidence) : unsure(`${details} The gate only reports it.`, evidence)

export const deprecatedSkills: Checker = ({ subject, extras }) => {
  const skills = registrySkills(subject)
  const deprecated = skills.filter(({ state }) => state === 'deprecated').map(named)
  extras.deprecated_skills = deprecated
  const evidence = { skills: skills.map((skill) => ({ name: skill.name, version: skill.version, state: skill.state })) }
  if (deprecated.length === 0) return pass('No skill in it is deprecated.', evidence)
  return report(subject.gate.skills.deprecated, `Deprecated: ${listed(deprecated)}.`, { ...evidence, deprecated })
}

/** What the pin names and a run would go without, whatever the reason. */
export const missingSkills = ({ candidate }: Subject): string[] => {
  const there = new Set(
    candidate.bundle.skills.flatMap(({ name, isVisible, source }) =>
      isVisible && source === 'registry' ? [name] : [],
    ),
  )
  return Object.entries(candidate.wanted)
    .filter(([name]) => !there.has(name))
    .map(([name, version]) => `${name}@${version}`)
}

export type LastTest = { name: string; version: string; status: string; at: string } | null

type TestedBy = (skill: FileSkill) => Promise<LastTest>

/** Only a run on exactly this content counts. */
export const skillTests =
  (lastTest: (work: Parameters<Checker>[0]) => TestedBy): Checker =>
  async (work) => {
    const { subject } = work
    const skills = registrySkills(subject)
    const find = lastTest(work)
    const found = []
    for (const skill of skills) {
      const last = await find(skill)
      found.push({ skill: named(skill), state: skill.state, status: last?.status ?? 'never', at: last?.at ?? null })
    }
    const absent = missingSkills(subject)
    const evidence = { tests: found, absent, notes: subject.candidate.notes }
    const failed = found.filter(({ status }) => status === 'failed').map(({ skill }) => skill)
    const mode = subject.gate.skills.tests
    if (absent.length > 0)
      return report(mode, `A run would go without ${listed(absent)}: it may not run there.`, evidence)
    if (failed.length > 0) return report(mode, `The last tests failed: ${listed(failed)}.`, evidence)
    const never = found.filter(({ status }) => status !== 'passed').map(({ skill }) => skill)
    if (never.length > 0) return unsure(`No tests of exactly this content were run: ${listed(never)}.`, evidence)
    return pass(
      skills.length === 0 ? 'No skill of the registry is in it.' : 'The tests of all its skills passed.',
      evidence,
    )
  }
