import type { Env } from '@/lib/core/env'
import { type Door, doorTo } from '../workspace/server'

/** Evaluations, by a service key or as the person who has signed in. */
export const evalDoor = async (settings: Env, cwd: string, server: string | undefined): Promise<Door> => {
  const door = await doorTo(settings, cwd, { server, workspace: 'default' })
  return { ...door, base: door.base.startsWith('/ops/') ? '/ops/api/evals' : '/evals' }
}
