import { parseEnv, readProcessEnv } from '@/lib/core/env'
import { type Command, UsageError } from '../command'
import { leaveWithParent } from '../demo/service-process'
import { parseFlags } from '../flags'

export const identityProvider: Command = {
  name: 'identity-provider',
  usage: 'clasper identity-provider --port <port>',
  summary: 'the demo identity provider; started by clasper demo',
  hidden: true,
  run: async (args, { out }) => {
    const { flags } = parseFlags(args, { port: 'string' })
    if (!flags.port) throw new UsageError('--port is required')
    const { startIdentityProvider } = await import('../demo/identity-provider')
    const settings = parseEnv(readProcessEnv())
    const provider = await startIdentityProvider({
      consoleUrl: settings.NEXTAUTH_URL,
      port: Number(flags.port),
      clientSecret: settings.OPS_OIDC_CLIENT_SECRET,
      audience: settings.OPS_OIDC_AUDIENCE,
    })
    out(`identity provider at ${provider.issuer}`)
    return new Promise<number>((resolve) => {
      const leave = () => void provider.stop().then(() => resolve(0))
      leaveWithParent(leave)
      process.once('SIGTERM', leave)
      process.once('SIGINT', leave)
    })
  },
}
