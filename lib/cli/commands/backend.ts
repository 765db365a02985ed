import { join, resolve } from 'node:path'
import { type Command, DONE, FAILED, UsageError } from '../command'
import { parseFlags } from '../flags'

export const backend: Command = {
  name: 'backend',
  usage: 'clasper backend [--port <port>] [--leashed]',
  summary: 'start the reference backend (examples/mission-control-lite)',
  run: async (args, { out, err, cwd }) => {
    const { flags } = parseFlags(args, { port: 'string', leashed: 'boolean' })
    const { commandSettings } = await import('../settings')
    const { untilStopped } = await import('../until-stopped')
    const { createReferenceBackend } = await import('../../../examples/mission-control-lite/server')
    const settings = commandSettings()
    if (flags.port !== undefined && !/^\d{1,5}$/.test(flags.port)) throw new UsageError('--port is a number')
    if (settings.AGENT_JWT_SECRET === '') {
      err('AGENT_JWT_SECRET is not set. The backend and Clasper share it, so that the backend knows its agents.')
      return FAILED
    }
    const stopped = untilStopped(flags.leashed)
    const running = await createReferenceBackend({
      port: flags.port === undefined ? settings.MC_LITE_PORT : Number(flags.port),
      databasePath: resolve(cwd, settings.MC_LITE_DB || join(settings.CLASPER_STATE_DIR, 'mission-control-lite.db')),
      agentJwtSecret: settings.AGENT_JWT_SECRET,
      internalToken: settings.INTERNAL_API_TOKEN,
      seed: settings.BACKEND_SEED,
    })
    out(`The reference backend listens at ${running.url}; its tasks are shown there.`)
    await new Promise((resolveStop) => stopped.addEventListener('abort', resolveStop, { once: true }))
    await running.close()
    return DONE
  },
}
