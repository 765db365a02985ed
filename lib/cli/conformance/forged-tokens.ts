const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

const decode = (part: string): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

export const claimsOf = (token: string): Record<string, unknown> => decode(token.split('.')[1] ?? '') ?? {}

const flipped = (signature: string) => `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`

/** What somebody without the secret would try. */
export const forgeriesOf = (token: string): readonly { name: string; token: string }[] => {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const claims = decode(payload)
  if (!claims) return [{ name: 'that is no token', token: 'forged' }]
  const stolen = encode({ ...claims, user_id: 'somebody-else' })
  return [
    { name: 'that is no token', token: 'forged' },
    { name: 'with another signature', token: `${header}.${payload}.${flipped(signature)}` },
    { name: 'with changed claims', token: `${header}.${stolen}.${signature}` },
    { name: 'that is not signed at all', token: `${encode({ alg: 'none', typ: 'JWT' })}.${payload}.` },
  ]
}
