import { ConfigError, type Env, parseEnv, readProcessEnv } from '@/lib/core/env'
import { ENV_FIELDS, type EnvField } from '@/lib/core/env-fields'
import { type Command, DONE, FAILED, type Terminal, UsageError } from '../command'
import { parseFlags } from '../flags'

const fields: [string, EnvField][] = Object.entries(ENV_FIELDS)

const shown = (value: unknown, secret: boolean): string => {
  const text = Array.isArray(value) ? value.join(',') : String(value ?? '')
  if (text === '') return '(empty)'
  return secret ? '(set)' : text
}

const settingsOf = (env: Env): Record<string, string> =>
  Object.fromEntries(fields.map(([name, field]) => [name, shown(env[name as keyof Env], field.secret === true)]))

const check = (json: boolean, { out, err }: Terminal): number => {
  try {
    const env = parseEnv(readProcessEnv())
    const settings = settingsOf(env)
    if (json) out(JSON.stringify({ ok: true, profile: env.profile, faults: [], settings }))
    else {
      for (const [name, value] of Object.entries(settings)) out(`${name}=${value}`)
      out(`The configuration is valid (profile: ${env.profile}).`)
    }
    return DONE
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    if (json) out(JSON.stringify({ ok: false, faults: error.faults }))
    else err(error.message)
    return FAILED
  }
}

export const config: Command = {
  name: 'config',
  usage: 'clasper config check [--json]',
  summary: 'check the environment and print every fault at once',
  run: async (args, terminal) => {
    const { flags, positionals } = parseFlags(args, { json: 'boolean' }, 1)
    if (positionals[0] !== 'check') throw new UsageError('Say what to do: clasper config check')
    return check(flags.json, terminal)
  },
}
