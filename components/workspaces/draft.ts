import type { Changes } from './use-workspaces'

// What a person has written and not saved: against one version, by path.
export type Draft = { base: string | null; changed: Record<string, string>; deleted: string[] }

export const NO_DRAFT: Draft = { base: null, changed: {}, deleted: [] }

export type FileState = 'same' | 'changed' | 'added' | 'deleted'

const without = (changed: Draft['changed'], path: string): Draft['changed'] =>
  Object.fromEntries(Object.entries(changed).filter(([name]) => name !== path))

const settled = (draft: Draft): Draft =>
  Object.keys(draft.changed).length === 0 && draft.deleted.length === 0 ? NO_DRAFT : draft

/** A browser's text field knows one kind of line end; the file keeps its own. */
export const withEndings = (original: string | null, text: string): string =>
  original?.includes('\r\n') && !/[^\r]\n|^\n/.test(original) ? text.replace(/\r?\n/g, '\r\n') : text

/** Written back as it was, a file is not changed any more. */
export const write = (
  draft: Draft,
  at: { base: string; path: string; original: string | null },
  text: string,
): Draft => {
  const { base, path, original } = at
  const content = withEndings(original, text)
  const changed = without(draft.changed, path)
  const deleted = draft.deleted.filter((name) => name !== path)
  if (content === original) return settled({ base, changed, deleted })
  return { base, changed: { ...changed, [path]: content }, deleted }
}

export const remove = (draft: Draft, base: string, path: string, isSaved: boolean): Draft =>
  settled({
    base,
    changed: without(draft.changed, path),
    deleted: isSaved ? [...draft.deleted.filter((name) => name !== path), path] : draft.deleted,
  })

export const restore = (draft: Draft, path: string): Draft =>
  settled({
    ...draft,
    changed: without(draft.changed, path),
    deleted: draft.deleted.filter((name) => name !== path),
  })

export const changesOf = ({ changed, deleted }: Draft): Changes => ({ changed, deleted })

export const countOf = ({ changed, deleted }: Draft): number => Object.keys(changed).length + deleted.length

export type Entry = { path: string; state: FileState }

/** All files as they would be, those that go among them. */
export const entriesOf = (saved: readonly string[], { changed, deleted }: Draft): Entry[] => {
  const known = new Set(saved)
  const gone = new Set(deleted)
  const added = Object.keys(changed).filter((path) => !known.has(path))
  return [...saved, ...added].sort().map((path) => {
    if (gone.has(path)) return { path, state: 'deleted' }
    if (!known.has(path)) return { path, state: 'added' }
    return { path, state: Object.hasOwn(changed, path) ? 'changed' : 'same' }
  })
}

/** Carried over to a newer version: what is gone there needs no deleting any more. */
export const carried = (draft: Draft, base: string, saved: readonly string[]): Draft =>
  settled({ ...draft, base, deleted: draft.deleted.filter((path) => saved.includes(path)) })

/** Why a file cannot be called that; what else the server minds it says itself. */
export const pathFault = (path: string, taken: readonly string[]): string | null => {
  if (path === '') return 'Give it a path, such as souls/support.md'
  if (path.length > 1_024) return 'A path has at most 1,024 characters'
  if (path.startsWith('/') || path.includes('\\') || path.includes('//') || path.endsWith('/'))
    return 'A path goes down from the workspace, its parts divided by one /'
  const parts = path.split('/')
  if (parts.some((part) => part === '.' || part === '..')) return 'A path does not go up'
  if (parts.some((part) => part === 'node_modules' || (part.startsWith('.') && part !== '.agents')))
    return 'Hidden files and node_modules are no part of a version'
  return taken.includes(path) ? 'There is a file of this path' : null
}
