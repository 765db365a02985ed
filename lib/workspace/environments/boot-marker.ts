import { join } from 'node:path'
import { BOOT_MARKER } from '../file-kind'
import type { Place } from '../place'
import { statOf } from '../stamp'

// That the first run is done is said of the workspace, not of a version of it; a hidden file is part of none.
export const hasBootMarker = (place: Place | null): boolean =>
  place !== null && (statOf(join(place.path, BOOT_MARKER))?.isFile() ?? false)
