import type { Scope } from '@/lib/core/scope'
import type { Contract } from '@/lib/shared/contract'
import { Problem } from '@/lib/shared/problem'
import { type Encoding, encodingOf, MEDIA } from './envelope'
import { readBody } from './read-body'
import { type Signal, successReply } from './reply'

export type Source = Contract['path']
export type Taken = { rejected: number; message: string }

const REFUSED = `Content-Type must be ${MEDIA.protobuf} or ${MEDIA.json}.`

// How each signal is taken: read within limits, decoded, kept, and answered in the words of its own protocol.
export const receiver =
  <D>(
    signal: Signal,
    decode: (bytes: Uint8Array, encoding: Encoding) => D,
    keep: (scope: Scope, decoded: D, source: Source) => Promise<Taken>,
  ) =>
  async (scope: Scope, request: Request, source: Source): Promise<Response> => {
    const encoding = encodingOf(request)
    if (encoding === null) throw new Problem('unsupported_media_type', REFUSED)
    const { rejected, message } = await readBody(request, (bytes) => keep(scope, decode(bytes, encoding), source))
    return successReply(signal, encoding, rejected, message)
  }
