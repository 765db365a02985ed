import { parse } from 'yaml'
import { z } from 'zod'
import { isTimeZone } from './local-time'

export const ActiveHours = z.object({
  start: z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be hh:mm'),
  end: z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be hh:mm'),
  timezone: z.string().refine(isTimeZone, 'must be an IANA time zone').optional(),
})
export type ActiveHours = z.output<typeof ActiveHours>

// Of all data that agents of this workspace work with, and what else makes its runs risky.
const DeclaredRisk = z.object({
  data_sensitivity: z.enum(['none', 'low', 'medium', 'high', 'pii']).default('none'),
  risk_flags: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, 'must be lower-case words'))
    .max(5)
    .default([]),
})
export type DeclaredRisk = { sensitivity: z.output<typeof DeclaredRisk>['data_sensitivity']; flags: readonly string[] }

// What cannot be read may have meant anything.
const WORST: DeclaredRisk = { sensitivity: 'pii', flags: [] }

export type WorkspaceConfig = {
  declaredRisk: DeclaredRisk
  activeHours?: ActiveHours
  hasKey: (key: string) => boolean
  warnings: readonly string[]
}

const MOST_ALIASES = 20

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const at = (value: unknown, key: string): unknown =>
  key
    .split('.')
    .reduce<unknown>((inner, name) => (isMap(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined), value)

// Something is configured when it is there and neither empty nor switched off.
const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== false && value !== ''

const read = (text: string): { map: Record<string, unknown>; warnings: string[] } => {
  try {
    const value: unknown = parse(text, { maxAliasCount: MOST_ALIASES, logLevel: 'error' })
    if (value === null) return { map: {}, warnings: [] }
    return isMap(value) ? { map: value, warnings: [] } : { map: {}, warnings: ['config.yaml is no map'] }
  } catch {
    return { map: {}, warnings: ['config.yaml is not valid YAML; it is left out'] }
  }
}

const riskIn = (map: Record<string, unknown>): { declaredRisk: DeclaredRisk; warnings: string[] } => {
  const read = DeclaredRisk.safeParse(map)
  if (read.success)
    return { declaredRisk: { sensitivity: read.data.data_sensitivity, flags: read.data.risk_flags }, warnings: [] }
  const [issue] = read.error.issues
  return { declaredRisk: WORST, warnings: [`${issue?.path.join('.')} ${issue?.message}; the data counts as pii`] }
}

export const readConfig = (text: string | undefined): WorkspaceConfig => {
  const { map, warnings: faults } = read(text ?? '')
  const { declaredRisk, warnings: doubts } = riskIn(map)
  const warnings = [...faults, ...doubts]
  const hours = ActiveHours.optional().safeParse(map['active_hours'])
  const issue = hours.success ? undefined : hours.error.issues[0]
  return {
    ...(hours.success && hours.data ? { activeHours: hours.data } : {}),
    declaredRisk,
    hasKey: (key) => isSet(at(map, key)),
    warnings: issue ? [...warnings, `active_hours.${issue.path.join('.')} ${issue.message}`] : warnings,
  }
}
