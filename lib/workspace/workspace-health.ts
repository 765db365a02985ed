import { kernel } from '@/lib/core/kernel'
import { FILE_LIMIT } from './fit-text'
import { folderBundle } from './folder-cache'
import { sharedPlace } from './place'
import { statOf } from './stamp'

export type WorkspaceHealth = {
  isThere: boolean
  maxCharsPerFile: number
  isBootComplete: boolean
  skills: { enabled: number; total: number }
}

/** The one file workspace, which belongs to no caller. */
export const workspaceHealth = async (): Promise<WorkspaceHealth> => {
  const place = sharedPlace(kernel().env)
  const { skills, hasBootMarker } = await folderBundle(place)
  return {
    isThere: statOf(place.path)?.isDirectory() ?? false,
    maxCharsPerFile: FILE_LIMIT,
    isBootComplete: hasBootMarker,
    skills: { enabled: skills.filter((skill) => skill.isEnabled).length, total: skills.length },
  }
}
