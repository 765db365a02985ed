import type { Migration } from './history'

export type Applied = { name: string; checksum: string; finished: boolean }

export class MigrationError extends Error {
  override readonly name = 'MigrationError'
}

const list = (names: readonly string[]) => names.join(', ')

/** What is still to be applied. Throws where going on could damage data. */
export const pendingOf = (known: readonly Migration[], applied: readonly Applied[]): Migration[] => {
  const failed = applied.filter(({ finished }) => !finished).map(({ name }) => name)
  if (failed.length > 0) throw new MigrationError(`A migration did not finish: ${list(failed)}. Restore a backup.`)
  const byName = new Map(known.map((migration) => [migration.name, migration]))
  const strange = applied.filter(({ name }) => !byName.has(name)).map(({ name }) => name)
  if (strange.length > 0) {
    throw new MigrationError(`The database is newer than this version of Clasper, which does not know ${list(strange)}`)
  }
  const edited = applied.filter(({ name, checksum }) => byName.get(name)?.checksum !== checksum).map(({ name }) => name)
  if (edited.length > 0) throw new MigrationError(`Changed after they were applied: ${list(edited)}`)
  const done = new Set(applied.map(({ name }) => name))
  const pending = known.filter(({ name }) => !done.has(name))
  const last = applied.at(-1)?.name ?? ''
  const late = pending.filter(({ name }) => name < last).map(({ name }) => name)
  if (late.length > 0) throw new MigrationError(`Older than ${last}, which is applied already: ${list(late)}`)
  return pending
}
