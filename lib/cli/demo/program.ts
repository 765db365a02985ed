import { join } from 'node:path'

type Program = { command: string; args: readonly string[] }

const FROM_SOURCE = ['--conditions=react-server', '--import', 'tsx']

// The command line as a child process: the built one where there is one, else the source through tsx.
export const programOf = (root: string, fromSource: boolean): Program => ({
  command: process.execPath,
  args: fromSource ? [...FROM_SOURCE, join(root, 'lib/cli/main.ts')] : [join(root, 'dist/cli.mjs')],
})

// Development compiles on demand and reloads; production serves the build.
export const serverOf = (root: string, dev: boolean): Program => {
  const { command, args } = programOf(root, dev)
  return { command, args: [...args, 'serve', '--leashed', ...(dev ? ['--dev'] : [])] }
}
