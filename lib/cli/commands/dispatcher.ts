import { type Command, DONE, FAILED } from '../command'
import { parseFlags } from '../flags'

const NEEDED = {
  key: 'AGENT_DAEMON_API_KEY is not set, and there is no server on this machine that made one up.',
  internal: 'INTERNAL_API_TOKEN is not set. The backend asks the dispatcher for it.',
}

export const dispatcher: Command = {
  name: 'dispatcher',
  usage: 'clasper dispatcher [--leashed]',
  summary: 'carry what users wrote from the backend to their agents',
  run: async (args, { out, err, cwd }) => {
    const { flags } = parseFlags(args, { leashed: 'boolean' })
    const { commandSettings } = await import('../settings')
    const { daemonKeyOf } = await import('../daemon-key')
    const { untilStopped } = await import('../until-stopped')
    const { runDispatcher } = await import('../dispatcher/loop')
    const settings = commandSettings()
    const daemonKey = daemonKeyOf(settings, cwd)
    const missing = daemonKey === '' ? NEEDED.key : settings.INTERNAL_API_TOKEN === '' ? NEEDED.internal : null
    if (missing) {
      err(missing)
      return FAILED
    }
    await runDispatcher({ settings, daemonKey, signal: untilStopped(flags.leashed), out, err })
    return DONE
  },
}
