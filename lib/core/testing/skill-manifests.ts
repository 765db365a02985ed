import { generateKeyPairSync, sign } from 'node:crypto'

type Json = Record<string, unknown>

/** A manifest with the least that one has, and whatever a test adds. */
export const manifestOf = (name: string, version = '1.0.0', more: Json = {}): Json => ({
  name,
  version,
  description: `Does ${name}`,
  instructions: `Do ${name} as ${version} says.`,
  ...more,
})

export type TestSigner = { publicKey: string; pem: string; sign(contentHash: string): string }

/** Signs as the documentation tells authors to, with no code of the registry. */
export const newSigner = (): TestSigner => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return {
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64'),
    pem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    sign: (hash) => sign(null, Buffer.from(`clasper-skill-v1\n${hash}\n`), privateKey).toString('base64'),
  }
}
