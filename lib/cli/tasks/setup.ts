import { join } from 'node:path'
import { scaffoldWorkspace } from '../commands/init'
import { GENERATE } from './build'
import { leaveOnSignal, runSteps } from './step'

// Everything that a fresh clone needs before `make dev` or an editor is happy.
leaveOnSignal()
const done = await runSteps([
  ...GENERATE,
  {
    name: 'workspace',
    run: async () => {
      const { written, kept } = scaffoldWorkspace(join(process.cwd(), 'workspace'), false)
      return `${written.length} files written, ${kept.length} kept`
    },
  },
])
process.exitCode = done ? 0 : 1
