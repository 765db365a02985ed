import * as oidc from 'openid-client'
import { publicClient } from './public-client'
import { alone, deleteLogin, type Login, readLogin } from './token-file'

const revoke = async (login: Login): Promise<boolean> => {
  try {
    const client = await publicClient(login.issuer, login.client_id)
    if (!client.serverMetadata().revocation_endpoint) return false
    await oidc.tokenRevocation(client, login.refresh_token ?? login.access_token)
    return true
  } catch {
    return false
  }
}

/** The file goes in any case; `revoked` says whether the provider heard of it. Null: there was no login. */
export const signOut = (): Promise<{ revoked: boolean } | null> =>
  alone(async () => {
    try {
      const login = readLogin()
      return login ? { revoked: await revoke(login) } : null
    } finally {
      deleteLogin()
    }
  })
