import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { hasVariable, searchPath } from '@/lib/core/env'
import type { SkillHost } from './gates'

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

// A name, not a path: a skill asks for programs, not for files.
const isName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/.test(name)

const hasBin = (name: string): boolean =>
  isName(name) &&
  searchPath()
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .some((folder) => isProgram(join(/* turbopackIgnore: true */ folder, name)))

export const thisHost = (hasConfig: SkillHost['hasConfig']): SkillHost => ({
  platform: process.platform,
  hasVariable: (name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && hasVariable(name),
  hasBin,
  hasConfig,
})
