import { z } from 'zod'
import { opsPromoteSkill, promoteSkill } from '@/lib/skills/contract'
import { DONE, type Terminal } from '../command'
import { ask, type Door } from '../workspace/server'
import { isPerson, jsonBody } from './skill-door'

export type Promotion = { name: string; version: string; state: string; override: object | undefined; json: boolean }

const toolsOf = (sign: string, tools: readonly string[]): string[] => tools.map((tool) => `  ${sign} ${tool}`)

export const promote = async (door: Door, wish: Promotion, { out }: Terminal): Promise<number> => {
  const { name, version, state, override, json } = wish
  const path = `/${encodeURIComponent(name)}/${encodeURIComponent(version)}/promote`
  if (override !== undefined && !isPerson(door))
    throw new Error('An override is made by a person: use clasper login, without AGENT_DAEMON_API_KEY.')
  const body = { target_state: state, ...(override === undefined ? {} : { override }) }
  const Reply = z.union([opsPromoteSkill.reply, promoteSkill.reply])
  const reply = await ask(door, { path, ...jsonBody(body) }, Reply)
  if (json) out(JSON.stringify(reply))
  else {
    out(`${name}@${version}: ${reply.skill.previous_state} → ${reply.skill.state}`)
    if ('permission_diff' in reply) {
      const { added, removed } = reply.permission_diff
      for (const line of [...toolsOf('+', added), ...toolsOf('-', removed)]) out(line)
      if (reply.receipt_id !== null) out(`  by override, receipt ${reply.receipt_id}`)
    }
  }
  return DONE
}
