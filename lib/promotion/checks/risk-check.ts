import { declaredState, riskOfRun, sensitivityIn } from '@/lib/governance'
import { declaredRisk } from '@/lib/skills'
import { RISK_LEVELS } from '../contract'
import type { SetBundle } from '../set-bundle'
import { type Checker, fail, NOTHING_BEFORE, pass, unsure } from './check'

const TEMPERATURE = 0.7

// With every tool that its skills grant: what a run could do, whoever asks.
export const riskOfSet = ({ bundle }: SetBundle) => {
  const skills = bundle.skills
    .filter(({ isEnabled }) => isEnabled)
    .map((skill) => {
      const { sensitivity, state } = declaredRisk(skill)
      return { name: skill.name, sensitivity: sensitivityIn(sensitivity), state: declaredState(state) }
    })
  const tools = [...new Set([...bundle.toolGrants, ...bundle.httpTools.map(({ name }) => name)])]
  return riskOfRun({
    ...{ tools, temperature: TEMPERATURE, skills, workspace: bundle.declaredRisk, found: [] },
    caller: { sensitivity: 'none', flags: [] },
  })
}

const told = (set: SetBundle) => {
  const { score, level, factors } = riskOfSet(set)
  return { score, level, factors }
}

export const riskDelta: Checker = ({ subject: { candidate, current, gate } }) => {
  const now = told(candidate)
  const before = current ? told(current) : null
  const delta = before ? now.score - before.score : null
  const { max_level: level, max_increase: most } = gate.risk
  const evidence = { candidate: now, target: before, delta, max_level: level, max_increase: most }
  if (RISK_LEVELS.indexOf(now.level) > RISK_LEVELS.indexOf(level))
    return fail(`Its risk is ${now.level} (${now.score}); ${level} is the most that may enter.`, evidence)
  if (delta !== null && most !== null && delta > most)
    return fail(`Its risk is ${delta} points higher than the target's; ${most} is the most.`, evidence)
  if (delta === null) return unsure(`Its risk is ${now.level} (${now.score}). ${NOTHING_BEFORE}`, evidence)
  return pass(`Its risk is ${now.level} (${now.score}), ${delta >= 0 ? '+' : ''}${delta} against the target.`, evidence)
}
