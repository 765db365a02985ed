import * as oidc from 'openid-client'
import type { Say, Tokens } from './public-client'

export const deviceFlow = async (client: oidc.Configuration, scope: string, say: Say): Promise<Tokens> => {
  const device = await oidc.initiateDeviceAuthorization(client, { scope })
  say(`Open ${device.verification_uri_complete ?? device.verification_uri}`)
  say(`and continue only if it shows the code ${device.user_code}`)
  return oidc.pollDeviceAuthorizationGrant(client, device)
}
