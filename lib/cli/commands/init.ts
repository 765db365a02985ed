import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { parseEnv, readProcessEnv } from '@/lib/core/env'
import { appRoot } from '../app-root'
import { type Command, DONE } from '../command'
import { parseFlags } from '../flags'

const templateFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()

export type Scaffold = { target: string; written: string[]; kept: string[] }

// A file that somebody wrote is never replaced unless they say so.
export const scaffoldWorkspace = (
  target: string,
  overwrite: boolean,
  template = join(appRoot(), 'workspace-template'),
) => {
  const result: Scaffold = { target, written: [], kept: [] }
  for (const file of templateFiles(template)) {
    const to = join(target, file)
    if (existsSync(to) && !overwrite) {
      result.kept.push(file)
      continue
    }
    mkdirSync(dirname(to), { recursive: true })
    copyFileSync(join(template, file), to)
    result.written.push(file)
  }
  return result
}

const report = ({ target, written, kept }: Scaffold): string[] => [
  `Workspace ${target}: ${written.length} files written, ${kept.length} kept.`,
  ...(kept.length > 0 ? ['Files that were there already stay as they are; -f overwrites them.'] : []),
]

export const init: Command = {
  name: 'init',
  usage: 'clasper init [dir] [-f] [--json]',
  summary: 'create a workspace from the template (CLASPER_WORKSPACE, else ./workspace)',
  run: async (args, { out, cwd }) => {
    const { flags, positionals } = parseFlags(args, { force: 'boolean', json: 'boolean' }, 1)
    const target = resolve(cwd, positionals[0] ?? parseEnv(readProcessEnv()).CLASPER_WORKSPACE)
    const result = scaffoldWorkspace(target, flags.force)
    for (const line of flags.json ? [JSON.stringify(result)] : report(result)) out(line)
    return DONE
  },
}
