import { type Command, DONE, FAILED, UsageError } from '../command'
import { parseFlags } from '../flags'

export const standup: Command = {
  name: 'standup',
  usage: 'clasper standup',
  summary: 'ask the backend for the standup of USER_ID in STANDUP_TIMEZONE',
  run: async (args, { out, err }) => {
    parseFlags(args, {})
    const { agentTokens, commandSettings } = await import('../settings')
    const { callAsAgent } = await import('../dispatcher/call-backend')
    const settings = commandSettings()
    const { USER_ID: userId, AGENT_ROLE: agentRole, CLASPER_DEFAULT_TENANT_ID: tenantId } = settings
    if (userId === '') throw new UsageError('USER_ID is not set: whose standup is it?')
    try {
      const token = await (await agentTokens(settings))({ userId, agentRole, tenantId })
      const body = { user_id: userId, timezone: settings.STANDUP_TIMEZONE || 'UTC' }
      out(await callAsAgent(settings, token, '/api/mission-control/standup', body))
    } catch (error) {
      err(`standup failed: ${error instanceof Error ? error.message : String(error)}`)
      return FAILED
    }
    out('standup_ok')
    return DONE
  },
}
