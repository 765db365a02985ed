import { parse } from 'yaml'
import { z } from 'zod'
import { isTimeZone } from './local-time'

export const ActiveHours = z.object({
  start: z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be hh:mm'),
  end: z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be hh:mm'),
  timezone: z.string().refine(isTimeZone, 'must be an IANA time zone').optional(),
})
export type ActiveHours = z.output<typeof ActiveHours>

export type WorkspaceConfig = {
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

export const readConfig = (text: string | undefined): WorkspaceConfig => {
  const { map, warnings } = read(text ?? '')
  const hours = ActiveHours.optional().safeParse(map['active_hours'])
  const issue = hours.success ? undefined : hours.error.issues[0]
  return {
    ...(hours.success && hours.data ? { activeHours: hours.data } : {}),
    hasKey: (key) => isSet(at(map, key)),
    warnings: issue ? [...warnings, `active_hours.${issue.path.join('.')} ${issue.message}`] : warnings,
  }
}
