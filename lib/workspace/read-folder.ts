import { createHash } from 'node:crypto'
import { type Attach, type Attachment, attachments } from './attachments'
import { findSkills, type SkillFolder } from './find-skills'
import { openInside } from './open-inside'
import { type Place, realRootOf } from './place'
import { isFresh, type Stamp, stampOf, statOf } from './stamp'
import { type Entry, type Refusal, walkFolder } from './walk-folder'

export const PROMPT_FILES = [
  ...['AGENTS.md', 'SOUL.md', 'TOOLS.md', 'IDENTITY.md', 'USER.md'],
  ...['HEARTBEAT.md', 'BOOT.md', 'BOOTSTRAP.md', 'MEMORY.md'],
] as const

export const CONFIG_FILE = 'config.yaml'
export const BOOT_MARKER = '.boot-complete'

// Rules for what agents may do; they never reach a prompt. Their tests stand in a folder below.
export const POLICY_FOLDER = 'policies'
const POLICY_TESTS = 'tests'
const SOUL = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}[.]md$/
const POLICY = /[.]ya?ml$/i
const DAY = /^\d{4}-\d{2}-\d{2}[.]md$/
const MOST_DAYS = 400
const MOST_BYTES = 1_048_576
const MOST_TOTAL_BYTES = 64 * 1_048_576
const AT_ONCE = 16

export type FolderFile = { path: string; sha256: string; size: number; text?: string; attachment?: Attachment }

export type FolderRead = {
  files: ReadonlyMap<string, FolderFile>
  skills: readonly SkillFolder[]
  hasBootMarker: boolean
  refused: readonly Refusal[]
  stamps: readonly Stamp[]
  isFresh: boolean
}

// No more than the first mebibyte: a prompt takes less, and a log that somebody left there costs no memory.
const readBounded = async ({ full, size }: Entry, realRoot: string): Promise<Buffer> => {
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

// A null byte can be stored in no database, and says nothing to a model.
const textOf = (bytes: Buffer): string =>
  bytes
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .replaceAll('\0', '\ufffd')

const filesIn = (entries: readonly Entry[], pattern: RegExp): Entry[] =>
  entries.filter((entry) => entry.kind === 'file' && pattern.test(entry.name))

const isNamed = (names: readonly string[]) => (entry: Entry) => entry.kind === 'file' && names.includes(entry.name)

const below = (list: (folder: string) => Entry[], root: readonly Entry[], folder: string): Entry[] =>
  root.some((entry) => entry.kind === 'folder' && entry.name === folder) ? list(folder) : []

const isText = ({ path, name }: Entry): boolean => name === 'SKILL.md' || !/^(?:[.]agents\/)?skills\//.test(path)

const fileOf = async (entry: Entry, bytes: Buffer, attach: Attach): Promise<FolderFile> => {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const attachment = await attach(entry, bytes)
  return {
    path: entry.path,
    sha256,
    size: bytes.length,
    ...(isText(entry) ? { text: textOf(bytes) } : {}),
    ...(attachment ? { attachment } : {}),
  }
}

const readAll = async (
  entries: readonly Entry[],
  { refused, realRoot }: { refused: Refusal[]; realRoot: string },
  attach: Attach,
): Promise<Map<string, FolderFile>> => {
  const files = new Map<string, FolderFile>()
  const readOne = async (entry: Entry): Promise<void> => {
    try {
      files.set(entry.path, await fileOf(entry, await readBounded(entry, realRoot), attach))
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

// What a folder may weigh in memory; the files that the prompt begins with come first.
const withinWeight = (entries: readonly Entry[], refused: Refusal[]): Entry[] => {
  let bytes = 0
  return entries.filter((entry) => {
    bytes += Math.min(entry.size, MOST_BYTES)
    if (bytes > MOST_TOTAL_BYTES) refused.push({ path: entry.path, reason: 'is left out: the workspace is too large' })
    return bytes <= MOST_TOTAL_BYTES
  })
}

// Stamps are taken before anything is read: a change in between shows at the next look.
export const readFolder = async (place: Place): Promise<FolderRead> => {
  const realRoot = realRootOf(place)
  if (realRoot === null) return { ...EMPTY_READ, stamps: [stampOf(place.path, statOf(place.path))] }
  const walk = walkFolder(place.path, realRoot)
  const root = walk.list('', [BOOT_MARKER, '.agents'])
  const skills = findSkills(walk, root)
  const policies = below(walk.list, root, POLICY_FOLDER)
  walk.refused.push(...astray(policies))
  const entries = [
    ...filesIn(policies, POLICY),
    ...root.filter(isNamed([...PROMPT_FILES, CONFIG_FILE])),
    ...filesIn(below(walk.list, root, 'souls'), SOUL),
    ...filesIn(below(walk.list, root, 'memory'), DAY).slice(-MOST_DAYS),
    ...skills.filter(({ reason }) => reason === undefined).flatMap(({ files }) => files),
  ]
  const isNew = isFresh(walk.stamps)
  const attach = attachments(place.path, skills)
  const files = await readAll(withinWeight(entries, walk.refused), { refused: walk.refused, realRoot }, attach)
  return {
    files,
    skills,
    hasBootMarker: root.some(isNamed([BOOT_MARKER])),
    refused: walk.refused,
    stamps: walk.stamps,
    isFresh: isNew,
  }
}
