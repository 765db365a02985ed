import { existsSync } from 'node:fs'
import { join } from 'node:path'

type Program = { command: string; args: readonly string[] }

const FROM_SOURCE = ['--conditions=react-server', '--import', 'tsx']

const isBuilt = (root: string) => existsSync(join(root, 'dist/cli.mjs'))

// The command line as a child process: the built one where there is one, else the source through tsx.
export const programOf = (root: string, fromSource = !isBuilt(root)): Program => ({
  command: process.execPath,
  args: fromSource ? [...FROM_SOURCE, join(root, 'lib/cli/main.ts')] : [join(root, 'dist/cli.mjs')],
})

export const serverOf = (root: string, dev: boolean): Program => ({
  command: process.execPath,
  args: dev ? [...FROM_SOURCE, join(root, 'server.ts')] : [join(root, 'dist/cli.mjs'), 'serve', '--leashed'],
})
