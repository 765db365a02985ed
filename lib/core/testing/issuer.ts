import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

export const AUDIENCE = 'clasper-ops'

export type Issuer = {
  url: string
  env: Record<string, string>
  token(claims: Record<string, unknown>): Promise<string>
  close(): Promise<void>
}

// A key set on loopback and tokens signed by it: operators for tests that need no browser.
export const startIssuer = async (): Promise<Issuer> => {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256', use: 'sig' }
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ keys: [jwk] }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    env: {
      OPS_OIDC_ISSUER: url,
      OPS_OIDC_AUDIENCE: AUDIENCE,
      OPS_OIDC_CLIENT_ID: 'test',
      OPS_OIDC_CLIENT_SECRET: 'x'.repeat(40),
      OPS_OIDC_JWKS_URL: `${url}/jwks`,
    },
    token: (claims) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', kid: 'test', typ: 'at+jwt' })
        .setIssuer(url)
        .setAudience(AUDIENCE)
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
