import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { kernel } from '@/lib/core/kernel'
import { PEER_HEADER } from '@/lib/http/client-address'
import type { Lane } from '@/lib/http/lane'

const PATHS = /^\/v1\/(?:traces|logs|metrics)(?:\?|$)/

// The customary port of OpenTelemetry, for exporters that are given a host alone: the same handlers, nothing else.
export const openOtlpPort = async (lane: Lane): Promise<number | null> => {
  const { env, log, onStop } = kernel()
  if (env.OTLP_PORT === 0 || !env.CLASPER_ROLES.includes('web')) return null
  const server = http.createServer({ maxHeaderSize: 32_768, requestTimeout: 120_000 }, (request, response) => {
    request.headers[PEER_HEADER] = request.socket.remoteAddress ?? 'unknown'
    if (PATHS.test(request.url ?? '')) lane.handle(request, response)
    else response.writeHead(404, { 'content-length': '0' }).end()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(env.OTLP_PORT, env.CLASPER_HOST, resolve)
  })
  onStop('intake', () => {
    server.close()
    server.closeIdleConnections()
  })
  onStop('close', () => server.closeAllConnections())
  const { port } = server.address() as AddressInfo
  log.info('listening for OpenTelemetry', { host: env.CLASPER_HOST, port })
  return port
}
