import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { stopPostgres } from './postgres'

declare module 'vitest' {
  interface ProvidedContext {
    runFolder: string
  }
}

const PREFIX = 'clasper-test-'
const SEEN_FILE = 'audit-seen.jsonl'
const KEPT = '.cache/test'

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

// What the suites of this run wrote into audit logs, for the proof that is made when the whole run is over.
const keepSeen = (folder: string): void => {
  const seen = join(folder, SEEN_FILE)
  if (!existsSync(seen)) return
  mkdirSync(KEPT, { recursive: true })
  copyFileSync(seen, join(KEPT, SEEN_FILE))
}

const clear = async (folder: string) => {
  const cluster = join(folder, 'postgres')
  if (existsSync(cluster)) await stopPostgres(cluster)
  rmSync(folder, { recursive: true, force: true })
}

// A run that was killed leaves its cluster behind; the next run ends it.
const sweep = async () => {
  const abandoned = readdirSync(tmpdir()).filter(
    (name) => name.startsWith(PREFIX) && !isAlive(Number(name.slice(PREFIX.length))),
  )
  for (const name of abandoned) await clear(join(tmpdir(), name)).catch(() => undefined)
}

export const setup = async (project: TestProject) => {
  await sweep()
  const folder = join(tmpdir(), `${PREFIX}${process.pid}`)
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  project.provide('runFolder', folder)
  rmSync(join(KEPT, SEEN_FILE), { force: true })
  return () => {
    keepSeen(folder)
    return clear(folder)
  }
}
