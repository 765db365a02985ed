import pino from 'pino'
import { redactText } from './redact'

export type LogFields = Readonly<Record<string, unknown>>

export type Log = {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  child(fields: LogFields): Log
}

const SECRET_NAMES = [
  'password',
  'secret',
  'token',
  'authorization',
  'cookie',
  'api_key',
  'apiKey',
  'private_key',
  'privateKey',
  'code_verifier',
]
const paths = SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

const describe = (error: unknown, depth = 0): unknown => {
  if (!(error instanceof Error) && !(typeof error === 'object' && error !== null && 'message' in error))
    return redactText(String(error))
  const { name, message, stack, code, cause } = error as Error & { code?: unknown }
  return {
    name,
    message: redactText(String(message)),
    ...(code === undefined ? {} : { code: String(code) }),
    ...(stack ? { stack: redactText(stack) } : {}),
    ...(cause !== undefined && depth < 3 ? { cause: describe(cause, depth + 1) } : {}),
  }
}

const clean = (fields: LogFields | undefined): LogFields => {
  if (!fields) return {}
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      if (key === 'error' || value instanceof Error) return [key, describe(value)]
      return [key, typeof value === 'string' ? redactText(value) : value]
    }),
  )
}

type Level = 'debug' | 'info' | 'warn' | 'error'

// A child is made when it first writes: most requests at a quiet level never do.
const wrap = (base: pino.Logger, bindings: LogFields | null = null): Log => {
  let child: pino.Logger | null = bindings === null ? base : null
  const write = (level: Level, message: string, fields: LogFields | undefined): void => {
    if (!base.isLevelEnabled(level)) return
    child ??= base.child(clean(bindings ?? {}))
    child[level](clean(fields), message)
  }
  return {
    debug: (message, fields) => write('debug', message, fields),
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
    child: (fields) => wrap(base, { ...bindings, ...fields }),
  }
}

export type LogSink = { write(line: string): void }

export const createLog = (level: string, sink?: LogSink): Log =>
  wrap(
    pino(
      {
        level,
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        redact: { paths, censor: '[REDACTED]' },
      },
      sink ?? pino.destination({ fd: 1, sync: false }),
    ),
  )
