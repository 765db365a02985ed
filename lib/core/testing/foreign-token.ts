import { SignJWT } from 'jose'

// A token whose author knows no private key: the public one serves as a shared secret.
export const signToken = (claims: Record<string, unknown>, secret: string): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'logout+jwt' })
    .setIssuedAt()
    .setExpirationTime('5m')
    .setJti('1')
    .sign(new TextEncoder().encode(secret))
