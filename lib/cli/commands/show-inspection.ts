import type { Inspection } from '@/lib/core/backup/inspect'

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`

/** What was verified, in two lines for people. */
export const showInspection = ({ tables, rows, heads }: Inspection): string[] => {
  const entries = heads.reduce((sum, { size }) => sum + Number(size), 0)
  return [
    `Verified: pages and references intact, ${plural(rows, 'row', 'rows')} in ${plural(Object.keys(tables).length, 'table', 'tables')}`,
    `Verified: ${plural(heads.length, 'audit log', 'audit logs')} with ${plural(entries, 'entry', 'entries')}, unbroken to the head`,
  ]
}
