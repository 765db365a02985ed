import type { Scope } from '@/lib/core/scope'
import { type Bundle, composePrompt, rolesIn } from '@/lib/workspace'
import { type Checker, fail, listed, pass, unsure } from './check'

const COMMON_ROLE = 'agent'
const MOST_ROLES = 20

type Size = { role: string; characters: number; cut: readonly string[] }

const sizeFor = async (scope: Scope, bundle: Bundle, role: string): Promise<Size> => {
  const { system, notes } = await composePrompt(scope, bundle, { role, isHeartbeat: false, message: '', chosen: null })
  return { role, characters: system.length, cut: [...notes.truncated, ...notes.omitted] }
}

const sizesOf = async (scope: Scope, bundle: Bundle, roles: readonly string[]): Promise<Size[]> => {
  const sizes: Size[] = []
  for (const role of roles) sizes.push(await sizeFor(scope, bundle, role))
  return sizes
}

const rolesOf = (...bundles: readonly (Bundle | undefined)[]): string[] =>
  [...new Set([COMMON_ROLE, ...bundles.flatMap((bundle) => (bundle ? rolesIn(bundle.folder.paths) : []))])].slice(
    0,
    MOST_ROLES,
  )

const percentOf = (now: number, before: number): number =>
  before === 0 ? 0 : Math.round(((now - before) / before) * 1000) / 10

/** What the model is given before anybody has said a word, per role: how long it is and what of it is left out. */
export const promptSize: Checker = async ({ scope, subject: { candidate, current, gate } }) => {
  const roles = rolesOf(candidate.bundle, current?.bundle)
  const now = await sizesOf(scope, candidate.bundle, roles)
  const before = current ? await sizesOf(scope, current.bundle, roles) : null
  const rows = now.map((size, at) => {
    const old = before?.[at]
    const newlyCut = old ? size.cut.filter((path) => !old.cut.includes(path)) : size.cut
    const growth = old ? percentOf(size.characters, old.characters) : null
    return { ...size, before: old?.characters ?? null, growth_percent: growth, newly_cut: newlyCut }
  })
  const { max_characters: most, max_growth_percent: growth, truncation } = gate.prompt
  const evidence = { roles: rows, max_characters: most, max_growth_percent: growth }
  const tooLong = rows.filter(({ characters }) => most !== null && characters > most)
  if (tooLong.length > 0)
    return fail(`Longer than ${most} characters: ${listed(tooLong.map(({ role }) => role))}.`, evidence)
  const grown = rows.filter((row) => growth !== null && row.growth_percent !== null && row.growth_percent > growth)
  if (grown.length > 0)
    return fail(`Grown by more than ${growth} percent: ${listed(grown.map(({ role }) => role))}.`, evidence)
  const cut = [...new Set(rows.flatMap(({ newly_cut }) => newly_cut))]
  if (cut.length > 0) {
    const words = `It does not fit the prompt any more, and is cut or left out: ${listed(cut)}.`
    return truncation === 'block' && current ? fail(words, evidence) : unsure(words, evidence)
  }
  const longest = Math.max(0, ...rows.map(({ characters }) => characters))
  return pass(`The longest prompt has ${longest} characters.`, evidence)
}
