import { createHmac } from 'node:crypto'

const PREFIX = 'whsec_'
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

// A secret of Standard Webhooks is written in base64 behind its prefix; any other is its own bytes.
const keyOf = (secret: string): Buffer => {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : ''
  return BASE64.test(encoded) ? Buffer.from(encoded, 'base64') : Buffer.from(secret, 'utf8')
}

export type Signed = Readonly<Record<string, string>>

// The time is signed with the body, so a copy cannot be sent again later; the other two are the names of before.
export const signatureHeaders = (secret: string | null, id: string, seconds: number, body: string): Signed => {
  const stamp = { 'webhook-id': id, 'webhook-timestamp': String(seconds) }
  if (secret === null) return stamp
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${seconds}.${body}`).digest('base64')
  const plain = createHmac('sha256', secret).update(body).digest('hex')
  return {
    ...stamp,
    'webhook-signature': `v1,${signature}`,
    'X-Clasper-Signature': plain,
    'X-Wombat-Signature': plain,
  }
}
