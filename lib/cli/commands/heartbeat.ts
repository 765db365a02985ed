import type { Env } from '@/lib/core/env'
import { type Command, DONE, FAILED, type Terminal, UsageError } from '../command'
import { parseFlags } from '../flags'

const PROMPT = 'Read HEARTBEAT.md if it exists and follow it. If nothing needs attention, reply HEARTBEAT_OK.'
const MARGIN_MS = 15_000

const askBackend = async (settings: Env, { out }: Terminal) => {
  const { agentTokens } = await import('../settings')
  const { callAsAgent } = await import('../dispatcher/call-backend')
  const mint = await agentTokens(settings)
  const { USER_ID: userId, AGENT_ROLE: agentRole, CLASPER_DEFAULT_TENANT_ID: tenantId } = settings
  const token = await mint({ userId, agentRole, tenantId })
  out(await callAsAgent(settings, token, '/api/mission-control/heartbeat', { user_id: userId }))
}

// The agent itself wakes up, reads its HEARTBEAT.md and says whether there is anything to say.
const runAgent = async (settings: Env, { out, cwd }: Terminal) => {
  const { daemonKeyOf } = await import('../daemon-key')
  const reply = await fetch(`${settings.AGENT_DAEMON_URL.replace(/\/+$/, '')}/api/agents/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-agent-daemon-key': daemonKeyOf(settings, cwd) },
    body: JSON.stringify({
      user_id: settings.USER_ID,
      session_key: `user:${settings.USER_ID}:${settings.AGENT_ROLE}`,
      message: PROMPT,
      metadata: { type: 'mc.heartbeat' },
    }),
    redirect: 'error',
    signal: AbortSignal.timeout(settings.CLASPER_RUN_TIMEOUT_MS + MARGIN_MS),
  })
  const text = await reply.text()
  if (!reply.ok) throw new Error(`The server answered ${reply.status}: ${text.slice(0, 500)}`)
  out(text)
}

export const heartbeat: Command = {
  name: 'heartbeat',
  usage: 'clasper heartbeat [--run]',
  summary: 'tell the backend that the agent of USER_ID is there; --run lets the agent look after things',
  run: async (args, terminal) => {
    const { flags } = parseFlags(args, { run: 'boolean' })
    const { commandSettings } = await import('../settings')
    const settings = commandSettings()
    if (settings.USER_ID === '') throw new UsageError('USER_ID is not set: whose agent is it?')
    try {
      await (flags.run ? runAgent : askBackend)(settings, terminal)
    } catch (error) {
      terminal.err(`heartbeat failed: ${error instanceof Error ? error.message : String(error)}`)
      return FAILED
    }
    terminal.out('heartbeat_ok')
    return DONE
  },
}
