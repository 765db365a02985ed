import type { EnvironmentView, PinChangeView, PinView } from '@/lib/workspace/contract/environments'

export const ENVIRONMENTS_TEXT = 'Which version of a workspace runs where, from the first try to everybody.'

export const CHANGES: Record<PinChangeView['kind'], string> = {
  pin: 'Pinned',
  unpin: 'Unpinned',
  promotion: 'Promotion',
  rollback: 'Rolled back',
  canary: 'Canary',
}

// As the server asks for it: three numbers.
const PAIR = /^([a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?)\s*(?:@|=|:|\s)\s*(\d{1,9}\.\d{1,9}\.\d{1,9})$/

/** Skill pins as a person writes them, one a line; the lines that say nothing are named. */
export const readSkillPins = (text: string): { pins: Record<string, string>; faults: string[] } => {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const read = lines.map((line) => ({ line, match: PAIR.exec(line) }))
  return {
    pins: Object.fromEntries(read.flatMap(({ match }) => (match ? [[match[1] ?? '', match[2] ?? '']] : []))),
    faults: read.filter(({ match }) => match === null).map(({ line }) => line),
  }
}

export const skillPinLines = (pins: Readonly<Record<string, string>>): string =>
  Object.entries(pins)
    .map(([name, version]) => `${name}@${version}`)
    .join('\n')

export const namesIn = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\n,]/)
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  ),
]

type Pins = Pick<PinView, 'skill_pins' | 'model_pin' | 'provider_pin'>

const NO_PINS: Pins = { skill_pins: {}, model_pin: null, provider_pin: null }

/** In which pins besides the version two environments differ, in words. */
export const pinDifferences = (mine: Pins | null, theirs: Pins | null): string[] => {
  const [a, b] = [mine ?? NO_PINS, theirs ?? NO_PINS]
  const names = [...new Set([...Object.keys(a.skill_pins), ...Object.keys(b.skill_pins)])].sort()
  const skills = names.filter((name) => a.skill_pins[name] !== b.skill_pins[name])
  const said = (one: string | null | undefined): string => one ?? 'none'
  return [
    ...skills.map((name) => `skill ${name} ${said(b.skill_pins[name])} → ${said(a.skill_pins[name])}`),
    ...(a.model_pin === b.model_pin ? [] : [`model ${said(b.model_pin)} → ${said(a.model_pin)}`]),
    ...(a.provider_pin === b.provider_pin ? [] : [`provider ${said(b.provider_pin)} → ${said(a.provider_pin)}`]),
  ]
}

/** Where a version goes next: the environment after this one on the way to everybody. */
export const nextOf = (all: readonly EnvironmentView[], name: string): EnvironmentView | null => {
  const at = all.findIndex(({ environment }) => environment === name)
  const isStage = ['dev', 'staging', 'prod'].includes(name)
  const next = at < 0 ? undefined : all[at + 1]
  return isStage && next && ['staging', 'prod'].includes(next.environment) ? next : null
}
