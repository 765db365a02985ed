import { toolSecret, toolSecretFor } from '@/lib/core/env'
import { type McpServer, SECRET } from './declaration'
import { McpFault } from './fault'

const LEAST_SECRET = 4

type Filled = { values: Record<string, string>; secrets: readonly string[] }

const placesOf = (server: McpServer): Readonly<Record<string, string>> =>
  server.transport === 'stdio' ? server.env : server.headers

/** Variables or headers of a server with the secrets of this host in them, and what must be seen nowhere else. */
export const fillSecrets = (server: McpServer): Filled => {
  const secrets: string[] = []
  const host = server.transport === 'stdio' ? null : new URL(server.url).hostname
  const fill = (text: string): string =>
    text.replace(SECRET, (_, name: string) => {
      const secret = toolSecretFor(name, host)
      if (secret === undefined)
        throw new McpFault(`the secret ${name} is not configured on this server for ${host ?? 'programs'}`)
      if (secret.trim().length < LEAST_SECRET)
        throw new McpFault(`the secret ${name} is too short to be kept out of an answer`)
      secrets.push(secret)
      return secret
    })
  const values = Object.fromEntries(Object.entries(placesOf(server)).map(([name, text]) => [name, fill(text)]))
  return { values, secrets }
}

/** Never fails: a secret that is not there can be told by nobody. */
export const secretsOf = (server: McpServer): readonly string[] =>
  Object.values(placesOf(server)).flatMap((text) =>
    [...text.matchAll(SECRET)].flatMap(([, name = '']) => toolSecret(name) ?? []),
  )
