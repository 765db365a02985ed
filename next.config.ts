import type { NextConfig } from 'next'
import { parseEnv, readProcessEnv } from './lib/core/env'

// A bad value stops the start here, before anything listens.
const { nodeEnv } = parseEnv(readProcessEnv())

// React rebuilds call stacks with eval, in development alone.
const SCRIPTS = nodeEnv === 'development' ? "'self' 'unsafe-inline' 'unsafe-eval'" : "'self' 'unsafe-inline'"

const CSP = [
  "default-src 'self'",
  `script-src ${SCRIPTS}`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self' ws: wss:",
  "frame-ancestors 'none'",
  "base-uri 'self'",
  "object-src 'none'",
].join('; ')

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  experimental: { authInterrupts: true },
  serverExternalPackages: [
    '@mariozechner/pi-ai',
    '@opentelemetry/otlp-transformer',
    'protobufjs',
    'libsql',
    'pg',
    'pino',
    'prom-client',
    'oidc-provider',
    'openid-client',
    '@prisma/schema-engine-wasm',
  ],
  typescript: { ignoreBuildErrors: true },
  headers: async () => [
    {
      source: '/ops/:path*',
      headers: [
        { key: 'content-security-policy', value: CSP },
        { key: 'referrer-policy', value: 'same-origin' },
        { key: 'x-content-type-options', value: 'nosniff' },
        { key: 'x-frame-options', value: 'DENY' },
      ],
    },
  ],
}

export default config
