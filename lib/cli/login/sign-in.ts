import { decodeJwt } from 'jose'
import { lifeOf } from './access-token'
import { deviceFlow } from './device-flow'
import { loopbackFlow } from './loopback-flow'
import { publicClient, type Say, safeUrl, type Tokens } from './public-client'
import { alone, tokenFile, writeLogin } from './token-file'

type Wanted = { issuer: string; client: string; server: string; scope: string; loopback: boolean }

const subjectOf = (tokens: Tokens): string => tokens.claims()?.sub ?? decodeJwt(tokens.access_token).sub ?? 'unknown'

// By device where the provider can, because it works over a remote shell too; else by a browser on this machine.
export const signIn = async (wanted: Wanted, say: Say): Promise<{ sub: string; file: string }> => {
  const server = safeUrl(wanted.server, 'The server').origin
  const client = await publicClient(wanted.issuer, wanted.client)
  const byDevice = !wanted.loopback && client.serverMetadata().device_authorization_endpoint !== undefined
  const tokens = await (byDevice ? deviceFlow : loopbackFlow)(client, wanted.scope, say)
  const sub = subjectOf(tokens)
  await alone(async () =>
    writeLogin({
      issuer: wanted.issuer,
      client_id: wanted.client,
      server,
      sub,
      access_token: tokens.access_token,
      refresh_token: tokens.refresh_token ?? null,
      expires_at: lifeOf(tokens),
    }),
  )
  return { sub, file: tokenFile() }
}
