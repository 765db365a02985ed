import { type Env, parseEnv, readProcessEnv } from '@/lib/core/env'
import { createKernel, installKernel, kernel } from '@/lib/core/kernel'
import { createLog } from '@/lib/core/log'

// A command beside the server needs few settings; what only a server must be told in production is not asked of it.
export const commandSettings = (): Env => parseEnv({ ...readProcessEnv(), NODE_ENV: '' })

/** The same, and with them what the rooms of the house stand on, where this process has nothing of it yet. */
export const quietSettings = (): Env => {
  const env = commandSettings()
  try {
    kernel()
  } catch {
    installKernel(createKernel({ env, log: createLog('silent') }))
  }
  return env
}

type Claims = { userId: string; agentRole: string; tenantId?: string }

// The lib/auth door is opened only by commands that sign something.
export const agentTokens = async (settings: Env): Promise<(claims: Claims) => Promise<string>> => {
  installKernel(createKernel({ env: settings, log: createLog('silent') }))
  const { mintAgentToken } = await import('@/lib/auth')
  return mintAgentToken
}
