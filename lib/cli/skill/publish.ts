import { publishSkill } from '@/lib/skills/contract'
import { plain } from '../approvals/show'
import { DONE, type Terminal } from '../command'
import { ask, type Door } from '../workspace/server'
import { readSkill, type Wanted } from './read-skill'
import { jsonBody } from './skill-door'

export const publish = async (
  door: Door,
  wish: Wanted & { json: boolean },
  { out, err }: Terminal,
): Promise<number> => {
  const ready = readSkill(wish)
  const reply = await ask(door, { path: '/publish', ...jsonBody(ready.body) }, publishSkill.reply)
  if (wish.json) out(JSON.stringify(reply))
  else {
    const { name, version, state, content_hash: hash, signed_by: signer, warnings } = reply.skill
    out(`Published ${name}@${version} (${state}${signer === null ? '' : `, signed by ${signer}`})`)
    out(`  ${hash}`)
    for (const warning of new Set([...ready.warnings, ...warnings])) err(`  ${plain(warning)}`)
  }
  return DONE
}
