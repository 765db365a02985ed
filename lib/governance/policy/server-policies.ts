import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { kernel } from '@/lib/core/kernel'
import { type PolicyFiles, policiesIn } from './filed'

const textAt = (path: string): string | null => {
  try {
    return readFileSync(resolve(/* turbopackIgnore: true */ path), 'utf8')
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return null
    throw error
  }
}

const readServer = (path: string): PolicyFiles => {
  if (path === '') return policiesIn([], 'server')
  try {
    const text = textAt(path)
    return policiesIn(text === null ? [] : [{ path, text }], 'server')
  } catch {
    return { ...policiesIn([], 'server'), faults: [`${path} cannot be read`] }
  }
}

/** The policies of this server for every tenant, read once when it starts. */
export const serverPolicies = (): PolicyFiles =>
  kernel().slot('governance.server-policies', () => readServer(kernel().env.CLASPER_POLICY_PATH))
