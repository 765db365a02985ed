import { parseEnv, readProcessEnv } from '@/lib/core/env'
import { type Command, DONE, UsageError } from '../command'
import { parseFlags } from '../flags'

const DEFAULT_CLIENT = 'clasper-cli'

const KINDS = { issuer: 'string', client: 'string', server: 'string', scope: 'string', loopback: 'boolean' } as const

const settingsOf = (flags: { [K in keyof typeof KINDS]: string | boolean | undefined }) => {
  const env = parseEnv({ ...readProcessEnv(), NODE_ENV: '' })
  const issuer = String(flags.issuer ?? env.OPS_OIDC_ISSUER)
  if (issuer === '') throw new UsageError('--issuer is required while OPS_OIDC_ISSUER is not set')
  return {
    issuer,
    client: String(flags.client ?? DEFAULT_CLIENT),
    server: String(flags.server ?? (env.NEXTAUTH_URL || `http://localhost:${env.CLASPER_PORT}`)),
    scope: String(flags.scope ?? env.OPS_OIDC_SCOPE),
    loopback: flags.loopback === true,
  }
}

export const login: Command = {
  name: 'login',
  usage: 'clasper login [--issuer <url>] [--client <id>] [--server <url>] [--scope "<scopes>"] [--loopback]',
  summary: 'sign in at the identity provider, for commands that speak to a server',
  run: async (args, { out }) => {
    const { flags } = parseFlags(args, KINDS)
    const settings = settingsOf(flags)
    const { signIn } = await import('../login/sign-in')
    const { sub, file } = await signIn(settings, out)
    out(`Signed in as ${sub}. The login is kept in ${file}; clasper logout ends it.`)
    return DONE
  },
}
