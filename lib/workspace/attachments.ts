import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { isPlainText, MOST_BYTES } from './file-kind'
import type { SkillFolder } from './find-skills'
import type { Entry } from './walk-folder'

// A text file of a skill besides its instructions. Without a text it is read again when somebody asks for it.
export type Attachment = { full: string; text: string | null }

export type Attach = (entry: Entry, bytes: Buffer) => Promise<Attachment | null>

const MOST_KEPT_BYTES = 4 * 1_048_576

const textOf = (bytes: Buffer): string => bytes.toString('utf8').replace(/^\ufeff/, '')

// A link inside a workspace may point about, but what a skill lets a model read is its own.
const liesIn = async (folder: string, full: string): Promise<boolean> => {
  try {
    const [home, real] = await Promise.all([realpath(folder), realpath(full)])
    return real.startsWith(home + sep)
  } catch {
    return false
  }
}

// One for each reading of a folder: what is kept of it in memory has one bound.
export const attachments = (root: string, skills: readonly SkillFolder[], most = MOST_KEPT_BYTES): Attach => {
  const homes = new Map(skills.flatMap(({ folder, files }) => files.map(({ path }) => [path, folder] as const)))
  let room = most
  return async ({ path, full }, bytes) => {
    const home = homes.get(path)
    if (home === undefined || path === `${home}/SKILL.md` || !isPlainText(bytes)) return null
    if (!(await liesIn(join(root, home), full))) return null
    if (bytes.length > room) return { full, text: null }
    room -= bytes.length
    return { full, text: textOf(bytes) }
  }
}

// Null unless the file still holds what was hashed. Not blocking: a pipe may stand there by now.
export const bytesAgain = async (full: string, sha256: string): Promise<Buffer | null> => {
  try {
    const handle = await open(/* turbopackIgnore: true */ full, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const stats = await handle.stat()
      if (!stats.isFile()) return null
      const room = Buffer.alloc(Math.min(stats.size, MOST_BYTES))
      const { buffer, bytesRead } = await handle.read(room, 0, room.length, 0)
      const bytes = buffer.subarray(0, bytesRead)
      return createHash('sha256').update(bytes).digest('hex') === sha256 ? bytes : null
    } finally {
      await handle.close()
    }
  } catch {
    return null
  }
}

export const readAgain = async (full: string, sha256: string): Promise<string | null> => {
  const bytes = await bytesAgain(full, sha256)
  return bytes === null ? null : textOf(bytes)
}
