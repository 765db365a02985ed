import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { monotonicMs, systemClock } from '@/lib/core/clock'
import { readProcessEnv } from '@/lib/core/env'
import { writePrivate } from '../private-file'

const Login = z.object({
  issuer: z.string(),
  client_id: z.string(),
  server: z.string(),
  sub: z.string(),
  access_token: z.string(),
  refresh_token: z.string().nullable(),
  expires_at: z.string().nullable(),
})
export type Login = z.infer<typeof Login>

const WAIT_MS = 30_000
const POLL_MS = 50
const OTHERS = 0o077

export const tokenFile = (): string => {
  const chosen = readProcessEnv()['XDG_CONFIG_HOME'] ?? ''
  return join(chosen.startsWith('/') ? chosen : join(homedir(), '.config'), 'clasper', 'login.json')
}

const refuseShared = (file: string): void => {
  if (process.platform === 'win32' || (statSync(file).mode & OTHERS) === 0) return
  throw new Error(`${file} can be read by others. Delete it and run clasper login again.`)
}

export const readLogin = (): Login | null => {
  const file = tokenFile()
  if (!existsSync(file)) return null
  refuseShared(file)
  return Login.parse(JSON.parse(readFileSync(file, 'utf8')))
}

// Renamed into place: whoever reads sees the old login or the new one, and nobody else sees either.
export const writeLogin = (login: Login): void => {
  const file = tokenFile()
  const draft = `${file}.${randomUUID()}`
  writePrivate(draft, `${JSON.stringify(login, null, 2)}\n`)
  renameSync(draft, file)
}

export const deleteLogin = (): void => rmSync(tokenFile(), { force: true })

const taken = (lock: string): boolean => {
  try {
    mkdirSync(lock)
    return true
  } catch {
    return false
  }
}

const isStale = (lock: string): boolean => {
  try {
    return systemClock.now().getTime() - statSync(lock).mtimeMs > WAIT_MS
  } catch {
    return false
  }
}

// A refresh token that two commands spend at once is revoked for good, so they take turns.
export const alone = async <T>(work: () => Promise<T>): Promise<T> => {
  const lock = `${tokenFile()}.lock`
  const deadline = monotonicMs() + WAIT_MS
  mkdirSync(dirname(lock), { recursive: true, mode: 0o700 })
  while (!taken(lock)) {
    if (isStale(lock)) rmSync(lock, { recursive: true, force: true })
    else if (monotonicMs() > deadline) throw new Error(`Another command holds ${lock}.`)
    else await pause(POLL_MS)
  }
  try {
    return await work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}
