import {
  createRemoteJWKSet,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose'
import { kernel } from '@/lib/core/kernel'
import type { Identity } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import { personFrom } from './claims'
import { personIdentity } from './identities'
import { oidcClient, unreachable } from './oidc-client'
import { hashSecret } from './service-key'
import { claimRules } from './settings'

export const SIGNING_ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA'],
]
const SKEW_SECONDS = 5
const MAX_TOKEN = 16_384
const TYPES = new Set(['at+jwt', 'application/at+jwt', 'jwt'])

const jwksUrl = async (): Promise<URL> => {
  const { env } = kernel()
  if (env.OPS_OIDC_JWKS_URL !== '') return new URL(env.OPS_OIDC_JWKS_URL)
  const { jwks_uri } = (await oidcClient()).serverMetadata()
  return new URL(jwks_uri ?? `${env.OPS_OIDC_ISSUER.replace(/\/$/, '')}/.well-known/jwks.json`)
}

type KeySource = { keys: JWTVerifyGetKey | null }

// The cooldown is also the negative cache: an unknown key id causes at most one fetch in 30 seconds.
export const providerKeys = async (): Promise<JWTVerifyGetKey> => {
  const source = kernel().slot<KeySource>('auth.keys', () => ({ keys: null }))
  source.keys ??= createRemoteJWKSet(await jwksUrl(), {
    cooldownDuration: 30_000,
    cacheMaxAge: 600_000,
    timeoutDuration: 3_000,
  })
  return source.keys
}

const refuse = (reason: string, cause?: unknown): never => {
  throw new Problem('invalid_token', undefined, { reason }, cause === undefined ? {} : { cause })
}

const REASONS: Record<string, string> = {
  ERR_JWT_EXPIRED: 'expired',
  ERR_JWKS_NO_MATCHING_KEY: 'unknown_key',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'bad_signature',
  ERR_JOSE_ALG_NOT_ALLOWED: 'algorithm',
}

const isKeyFault = (error: unknown): boolean =>
  error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError) || error.code === 'ERR_JOSE_GENERIC'

// A token that cannot be checked because the key source is away is not a bad token.
export const explainJose = (error: unknown): never => {
  if (error instanceof Problem) throw error
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.reason === 'missing' && error.claim === 'sub') {
      throw new Problem('missing_claim', 'The token lacks the claim sub.', { claim: 'sub' })
    }
    return refuse(`claim_${error.claim}`, error)
  }
  if (isKeyFault(error)) throw unreachable(error)
  return refuse(REASONS[(error as errors.JOSEError).code] ?? 'malformed', error)
}

const headerOf = (token: string) => {
  try {
    return decodeProtectedHeader(token)
  } catch (error) {
    return refuse('malformed', error)
  }
}

const refuseOtherKinds = (token: string): void => {
  if (token.length > MAX_TOKEN || token.split('.').length !== 3) refuse('malformed')
  const { alg, typ } = headerOf(token)
  if (!alg || !SIGNING_ALGORITHMS.includes(alg)) refuse('algorithm')
  if (typ !== undefined && !TYPES.has(typ.toLowerCase())) refuse('type')
}

const refuseIdToken = (payload: JWTPayload): void => {
  if ('nonce' in payload || 'at_hash' in payload) refuse('id_token')
}

const verify = async (token: string): Promise<JWTPayload> => {
  const { env, clock } = kernel()
  try {
    const { payload } = await jwtVerify(token, await providerKeys(), {
      issuer: env.OPS_OIDC_ISSUER,
      audience: env.OPS_OIDC_AUDIENCE,
      algorithms: SIGNING_ALGORITHMS,
      clockTolerance: SKEW_SECONDS,
      requiredClaims: ['exp', 'sub'],
      currentDate: clock.now(),
    })
    return payload
  } catch (error) {
    return explainJose(error)
  }
}

export type BearerPrincipal = { identity: Identity; expiresAt: number }

export const verifyBearer = async (token: string): Promise<BearerPrincipal> => {
  const { env } = kernel()
  if (env.OPS_OIDC_ISSUER === '' || env.OPS_OIDC_AUDIENCE === '') {
    throw new Problem('config_error', 'OPS_OIDC_ISSUER and OPS_OIDC_AUDIENCE are needed for bearer tokens.')
  }
  refuseOtherKinds(token)
  const payload = await verify(token)
  refuseIdToken(payload)
  const person = personFrom(payload, claimRules())
  const identity = personIdentity(person, `bearer:${hashSecret(`${payload.iss}\n${payload.sub}`).slice(0, 24)}`)
  return { identity, expiresAt: ((payload.exp ?? 0) + SKEW_SECONDS) * 1000 }
}
