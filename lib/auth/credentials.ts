import { ConfigError } from '@/lib/core/env'
import { kernel } from '@/lib/core/kernel'
import { localSecrets, mayInvent } from '@/lib/core/local-secrets'
import { hasUsableKey } from './store'

// There is no keyless server: production is told its key, development and the demo make one and say where it lies.
export const assertCredentials = async (): Promise<{ keyFile: string | null }> => {
  const { env, clock, log } = kernel()
  if (env.AGENT_DAEMON_API_KEY !== '') return { keyFile: null }
  if (mayInvent()) {
    const { path } = localSecrets()
    log.info('a service key was generated for this machine', { file: path })
    return { keyFile: path }
  }
  if (await hasUsableKey(clock.now())) return { keyFile: null }
  throw new ConfigError(['AGENT_DAEMON_API_KEY: is required in production while no API key exists'])
}
