import { constants } from 'node:fs'
import { type FileHandle, open, readlink, realpath } from 'node:fs/promises'
import { sep } from 'node:path'

export const lies = (root: string, real: string): boolean =>
  real === root || real.startsWith(root.endsWith(sep) ? root : root + sep)

const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

// Where the open file truly stands. Without /proc the path is asked once more.
const placeOfOpen = async (handle: FileHandle, full: string): Promise<string> => {
  try {
    return await readlink(`/proc/self/fd/${handle.fd}`)
  } catch {
    return realpath(full)
  }
}

/** Opens a file below `realRoot`. What was looked at before may have become a link or a pipe by now, so the open file itself is judged. */
export const openInside = async (full: string, realRoot: string): Promise<FileHandle> => {
  const real = await realpath(/* turbopackIgnore: true */ full)
  if (!lies(realRoot, real)) throw new Error('The file lies outside.')
  const handle = await open(/* turbopackIgnore: true */ real, FLAGS)
  try {
    const isFile = (await handle.stat()).isFile()
    if (isFile && lies(realRoot, await placeOfOpen(handle, full))) return handle
    throw new Error('The file lies outside.')
  } catch (error) {
    await handle.close()
    throw error
  }
}
