import type { Scope } from '@/lib/core/scope'
import type { Group } from '@/lib/tracing'
import type { CostDashboard, CostPart } from './contract'
import { ranked, sumBy } from './costs'
import type { Days } from './days'
import type { Part } from './reach'
import { courseOfFacts } from './store'

type Course = CostDashboard['parts']

const MOST_PARTS = 5

type Line = { day: string; name: string; cost: number }

// The dearest parts by name; what is left of a day is all the others together.
const stacked = (by: CostPart, groups: readonly Group[], { names: days }: Days): Course => {
  const key = by === 'skill' ? 'workspace' : by
  const all = ranked(sumBy(groups, key), Number.POSITIVE_INFINITY)
  const names = all.slice(0, MOST_PARTS).map(([name]) => name)
  const hasOthers = all.length > MOST_PARTS
  const lines = groups.map(({ keys, costMicroUsd }) => ({
    day: keys.day ?? '',
    name: keys[key] ?? '',
    cost: costMicroUsd,
  }))
  return { by, names, has_others: hasOthers, is_overlapping: false, daily: tabled(lines, days, names, hasOthers) }
}

const tabled = (
  lines: readonly Line[],
  days: readonly string[],
  names: readonly string[],
  hasOthers: boolean,
): Course['daily'] => {
  const width = names.length + (hasOthers ? 1 : 0)
  const rows = new Map(days.map((day) => [day, Array.from({ length: width }, () => 0)]))
  for (const { day, name, cost } of lines) {
    const row = rows.get(day)
    const place = names.includes(name) ? names.indexOf(name) : names.length
    if (row && place < width) row[place] = (row[place] ?? 0) + cost
  }
  return [...rows].map(([day, costs]) => ({ day, costs_micro_usd: costs }))
}

const overlapping = async (scope: Scope, part: Part, window: Days, skills: readonly string[]): Promise<Course> => {
  const names = skills.slice(0, MOST_PARTS)
  const lines = await courseOfFacts(scope, { fact: 'skill', part, window }, names)
  return {
    by: 'skill',
    names,
    has_others: false,
    is_overlapping: true,
    daily: tabled(lines, window.names, names, false),
  }
}

type Asked = { by: CostPart; groups: readonly Group[]; window: Days; part: Part; skills: readonly string[] }

export const courseOf = async (scope: Scope, { by, groups, window, part, skills }: Asked): Promise<Course> =>
  by === 'skill' ? overlapping(scope, part, window, skills) : stacked(by, groups, window)
