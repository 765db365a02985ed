import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { code, table } from './markdown'

const floorsOf = (root: string) =>
  createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')).FLOORS as string[][]

const built = (root: string, rooms: readonly string[]) => rooms.filter((room) => existsSync(join(root, 'lib', room)))

export const floorDiagram = (root: string): string => {
  const floors = floorsOf(root).map((rooms, level) => ({ level, rooms: built(root, rooms) }))
  const lines = floors
    .filter(({ rooms }) => rooms.length > 0)
    .reverse()
    .map(({ level, rooms }) => `${String(level).padStart(2)}  ${rooms.map((room) => `lib/${room}`).join('   ')}`)
  return ['```text', ` ${floors.length}  app/   components/`, ...lines, '```'].join('\n')
}

// A door begins by saying what its room is for; a room without a door says it in the list below.
const DOORLESS: Record<string, string> = {
  shared: 'Pure words that run anywhere: contracts, ids, problems, roles, money, time.',
  core: 'Environment, clock, log, databases, the writer, the scope, the audit tree, the outbox.',
  http: 'How bytes become a call: one route helper, the fast lane, streams, limits.',
  cli: 'The command line, the demo and the tasks behind make.',
}

const purposeOf = (root: string, room: string): string => {
  const door = join(root, 'lib', room, 'index.ts')
  if (!existsSync(door)) return DOORLESS[room] ?? ''
  const comment = /^(?:\/\/ .*\n)+/.exec(readFileSync(door, 'utf8'))?.[0] ?? ''
  return comment
    .replaceAll(/^\/\/ /gm, '')
    .trim()
    .replaceAll('\n', ' ')
}

export const roomTable = (root: string): string =>
  table(
    ['Room', 'Floor', 'What it is for'],
    floorsOf(root).flatMap((rooms, level) =>
      built(root, rooms).map((room) => [code(`lib/${room}`), String(level), purposeOf(root, room)]),
    ),
  )
