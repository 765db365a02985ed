import { appRoot, manifestIn } from '../app-root'
import { type Command, DONE } from '../command'
import { parseFlags } from '../flags'

export const version: Command = {
  name: 'version',
  usage: 'clasper version [--json]',
  summary: 'print the version of Clasper and of Node',
  run: async (args, { out }) => {
    const { flags } = parseFlags(args, { json: 'boolean' })
    const clasper = manifestIn(appRoot())?.version ?? 'unknown'
    out(
      flags.json
        ? JSON.stringify({ clasper, node: process.versions.node })
        : `clasper ${clasper} (Node ${process.versions.node})`,
    )
    return DONE
  },
}
