// Who is asking, for which tenant, and what may they do: the guards of all planes, service keys, operator sessions.
// Only the guard opens a scope for a request.

export { secretsKey } from '@/lib/core/local-secrets'
export { mintAdapterToken } from './adapter-token'
export { agentToken, mintAgentToken } from './agent-token'
export { backchannelLogout } from './backchannel-logout'
export { assertCredentials } from './credentials'
export { explain } from './explain'
export { auditDenied, auditLimited } from './failures'
export { identify, openScope } from './guard'
export { signClaims, verifyClaims } from './hmac-token'
export { createKey, listKeys, revokeKey, rotateKey } from './manage-keys'
export { watchRevocations } from './revocation'
export { nextAuthRoute, startSignIn } from './sign-in-routes'
export { signOut } from './sign-out'
export { signedOutReturn } from './sign-out-state'
export { tenantScopes } from './tenant-scopes'
export { me, switchTenant, whoAmI } from './who-am-i'
