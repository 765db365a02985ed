import type { Env } from '@/lib/core/env'
import { type Door, doorTo } from '../workspace/server'

/** The registry, by a service key or as the person who has signed in. */
export const skillDoor = async (settings: Env, cwd: string, server: string | undefined): Promise<Door> => {
  const door = await doorTo(settings, cwd, { server, workspace: 'default' })
  return { ...door, base: door.base.startsWith('/ops/') ? '/ops/api/skills' : '/skills' }
}

export const isPerson = ({ base }: Door): boolean => base.startsWith('/ops/')

export const jsonBody = (value: object): { body: Uint8Array; type: string } => ({
  body: new TextEncoder().encode(JSON.stringify(value)),
  type: 'application/json',
})
