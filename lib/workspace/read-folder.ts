import { createHash } from 'node:crypto'
import { type Attach, type Attachment, attachments } from './attachments'
import {
  BOOT_MARKER,
  holderOf,
  isPolicyFile,
  MOST_BYTES,
  MOST_TOTAL_BYTES,
  POLICY_FOLDER,
  POLICY_TESTS,
  reachesPrompt,
  textIn,
} from './file-kind'
import { findSkills, type SkillFolder } from './find-skills'
import { openInside } from './open-inside'
import { type Place, realRootOf } from './place'
import { isFresh, type Stamp, stampOf, statOf } from './stamp'
import { sweepFolder } from './sweep-folder'
import { type Entry, type Refusal, type Walk, walkFolder } from './walk-folder'

const AT_ONCE = 16

// Without a text it holds no text, or one that is read again when it is asked for. `full` is where it lies on the disk.
export type FolderFile = {
  path: string
  sha256: string
  size: number
  text?: string
  attachment?: Attachment
  full?: string
  isExecutable?: boolean
}

export type FolderRead = {
  files: ReadonlyMap<string, FolderFile>
  skills: readonly SkillFolder[]
  hasBootMarker: boolean
  refused: readonly Refusal[]
  stamps: readonly Stamp[]
  isFresh: boolean
}

// No more than the first mebibyte: a prompt takes less, and a log that somebody left there costs no memory.
const readBounded = async ({ full, size }: Pick<Entry, 'full' | 'size'>, realRoot: string): Promise<Buffer> => {
  const handle = await openInside(full, realRoot)
  try {
    const buffer = Buffer.alloc(Math.min(size, MOST_BYTES))
    let filled = 0
    while (filled < buffer.length) {
      const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return buffer.subarray(0, filled)
  } finally {
    await handle.close()
  }
}

const below = (walk: Walk, root: readonly Entry[], folder: string): Entry[] =>
  root.some((entry) => entry.kind === 'folder' && entry.name === folder) ? walk.list(folder) : []

type InSkill = (path: string) => string | undefined

const fileOf = async (entry: Entry, bytes: Buffer, inSkill: InSkill, attach: Attach): Promise<FolderFile> => {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const skill = inSkill(entry.path)
  const isPlain = skill === undefined || entry.path === `${skill}/SKILL.md`
  const text = isPlain ? textIn(entry.path, bytes) : undefined
  const attachment = isPlain ? null : await attach(entry, bytes)
  return {
    path: entry.path,
    sha256,
    size: bytes.length,
    full: entry.full,
    isExecutable: entry.isExecutable ?? false,
    ...(text === undefined ? {} : { text }),
    ...(attachment ? { attachment } : {}),
  }
}

type Reading = { refused: Refusal[]; realRoot: string; inSkill: InSkill; attach: Attach }

const readAll = async (entries: readonly Entry[], reading: Reading): Promise<Map<string, FolderFile>> => {
  const { refused, realRoot, inSkill, attach } = reading
  const files = new Map<string, FolderFile>()
  const readOne = async (entry: Entry): Promise<void> => {
    try {
      files.set(entry.path, await fileOf(entry, await readBounded(entry, realRoot), inSkill, attach))
    } catch {
      refused.push({ path: entry.path, reason: 'cannot be read' })
    }
  }
  for (let at = 0; at < entries.length; at += AT_ONCE) await Promise.all(entries.slice(at, at + AT_ONCE).map(readOne))
  return files
}

export const EMPTY_READ: FolderRead = {
  files: new Map(),
  skills: [],
  hasBootMarker: false,
  refused: [],
  stamps: [],
  isFresh: false,
}

// A rule that nobody reads is worse than none.
const astray = (entries: readonly Entry[]): Refusal[] =>
  entries
    .filter(({ kind, name }) => kind === 'folder' && name !== POLICY_TESTS)
    .map(({ path }) => ({
      path,
      reason: 'is a folder: policies stand directly in policies/, tests in policies/tests/',
    }))

// Of what a prompt tells the beginning counts; half of a rule or of a program is worse than none.
const withinSize = (entries: readonly Entry[], refused: Refusal[]): Entry[] =>
  entries.filter(({ path, size }) => {
    if (size <= MOST_BYTES) return true
    const isCut = reachesPrompt(path)
    const reason = isCut ? 'is larger than 1 MiB: the rest is left out' : 'is left out: it is larger than 1 MiB'
    refused.push({ path, reason, isSize: true })
    return isCut
  })

// What a folder may weigh in memory; the files that the prompt begins with come first.
const withinWeight = (entries: readonly Entry[], refused: Refusal[]): Entry[] => {
  let bytes = 0
  return entries.filter((entry) => {
    bytes += Math.min(entry.size, MOST_BYTES)
    if (bytes > MOST_TOTAL_BYTES) refused.push({ path: entry.path, reason: 'is left out: the workspace is too large' })
    return bytes <= MOST_TOTAL_BYTES
  })
}

const rankOf = ({ path }: Entry): number => (isPolicyFile(path) ? 0 : reachesPrompt(path) ? 1 : 2)

// A skill without one of its files is no skill: where one is too large, none of them counts.
const isBroken = ({ files }: SkillFolder): boolean => files.some(({ size }) => size > MOST_BYTES)

// These are looked into even where they are links: their files are found by name.
const ROOMS: ReadonlySet<string> = new Set(['souls', 'memory', 'skills', POLICY_FOLDER])

const filesIn = (walk: Walk, root: readonly Entry[], skills: readonly SkillFolder[]): Entry[] => {
  const whole = skills.filter((skill) => !isBroken(skill))
  const broken = new Set(skills.filter(isBroken).map(({ folder }) => folder))
  const collected = new Set(whole.map(({ folder }) => folder))
  const isShut = ({ path, isLink }: Entry): boolean =>
    broken.has(path) || (isLink === true && (collected.has(path) || ROOMS.has(path)))
  const rooms = ['souls', 'memory', POLICY_FOLDER].flatMap((folder) => below(walk, root, folder))
  const found = [...rooms, ...whole.flatMap(({ files }) => files)].filter(({ kind }) => kind === 'file')
  const seen = root.filter(({ name }) => name !== '.agents' && name !== BOOT_MARKER)
  const agents = below(walk, root, '.agents').filter(({ name }) => name === 'skills')
  const all = [...found, ...sweepFolder(walk, [...seen, ...agents], isShut)]
  const each = [...new Map(all.map((entry) => [entry.path, entry])).values()]
  return each.sort((a, b) => rankOf(a) - rankOf(b) || (a.path < b.path ? -1 : 1))
}

// Stamps are taken before anything is read: a change in between shows at the next look.
export const readFolder = async (place: Place): Promise<FolderRead> => {
  const realRoot = realRootOf(place)
  if (realRoot === null) return { ...EMPTY_READ, stamps: [stampOf(place.path, statOf(place.path))] }
  const walk = walkFolder(place.path, realRoot)
  const { refused } = walk
  const root = walk.list('', [BOOT_MARKER, '.agents'])
  const skills = findSkills(walk, root)
  refused.push(...astray(below(walk, root, POLICY_FOLDER)))
  const entries = withinWeight(withinSize(filesIn(walk, root, skills), refused), refused)
  const isNew = isFresh(walk.stamps)
  const inSkill = holderOf(new Set(skills.map(({ folder }) => folder)))
  const sound = skills.filter(({ reason }) => reason === undefined)
  const files = await readAll(entries, { refused, realRoot, inSkill, attach: attachments(place.path, sound) })
  return {
    files,
    skills,
    hasBootMarker: root.some(({ kind, name }) => kind === 'file' && name === BOOT_MARKER),
    refused,
    stamps: walk.stamps,
    isFresh: isNew,
  }
}
