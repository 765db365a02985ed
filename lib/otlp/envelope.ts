// How a request speaks, and so how it is answered, in success and in failure alike.
export type Encoding = 'protobuf' | 'json'

export const MEDIA: Readonly<Record<Encoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
}

export const encodingOf = (request: Request): Encoding | null => {
  const media = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase()
  if (media === MEDIA.protobuf) return 'protobuf'
  return media === MEDIA.json ? 'json' : null
}
