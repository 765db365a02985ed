import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { Env } from '@/lib/core/env'

const Kept = z.object({ service_key: z.string().min(1) })

// The key by which commands knock at the server: the configured one, else the one a server on this machine made up.
export const daemonKeyOf = (settings: Env, cwd: string): string => {
  if (settings.AGENT_DAEMON_API_KEY !== '') return settings.AGENT_DAEMON_API_KEY
  const file = join(resolve(cwd, settings.CLASPER_STATE_DIR), 'secrets.json')
  if (!existsSync(file)) return ''
  const kept = Kept.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  return kept.success ? kept.data.service_key : ''
}
