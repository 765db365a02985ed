import { createKernel, installKernel } from '@/lib/core/kernel'
import { createLog } from '@/lib/core/log'
import { migrate } from '@/lib/core/migrate/migrate'
import { SCENARIOS, scenarioNames, seed as tellStory } from '@/prisma/seed'
import { appRoot } from '../app-root'
import { type Command, DONE, MISUSED } from '../command'

export const seed: Command = {
  name: 'seed',
  usage: 'clasper seed <scenario> | list',
  summary: 'fill the database with a believable story for trying things out',
  run: async ([name], { out, err }) => {
    if (name === undefined || name === 'list') {
      for (const scenario of scenarioNames())
        out(`${scenario.padEnd(16)}${SCENARIOS[scenario]?.means ?? 'everything that the demo shows'}`)
      return DONE
    }
    if (!scenarioNames().includes(name)) {
      err(`There is no scenario ${name}. Known: ${scenarioNames().join(', ')}`)
      return MISUSED
    }
    const kernel = installKernel(createKernel({ log: createLog('warn') }))
    try {
      await migrate(kernel.env.databaseUrl, { root: appRoot() })
      for (const { scenario, told, link } of await tellStory(name)) {
        out(
          `${scenario}: ${told ? 'written' : 'already there'} — ${kernel.env.NEXTAUTH_URL || 'http://localhost:8081'}${link}`,
        )
      }
      return DONE
    } finally {
      await kernel.stop()
    }
  },
}
