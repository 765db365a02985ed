import { isUtf8 } from 'node:buffer'

export const PROMPT_FILES = [
  ...['AGENTS.md', 'SOUL.md', 'TOOLS.md', 'IDENTITY.md', 'USER.md'],
  ...['HEARTBEAT.md', 'BOOT.md', 'BOOTSTRAP.md', 'MEMORY.md'],
] as const

export const CONFIG_FILE = 'config.yaml'
export const BOOT_MARKER = '.boot-complete'

// Rules for what agents may do; they never reach a prompt. Their tests stand in a folder below.
export const POLICY_FOLDER = 'policies'
export const POLICY_TESTS = 'tests'

export const MOST_BYTES = 1_048_576
export const MOST_TOTAL_BYTES = 64 * 1_048_576
export const MOST_FILES = 10_000
export const MOST_LEVELS = 16

const ROOT: ReadonlySet<string> = new Set([...PROMPT_FILES, CONFIG_FILE])
const SOUL = /^souls\/[A-Za-z0-9][A-Za-z0-9_-]{0,63}[.]md$/
const DAY = /^memory\/\d{4}-\d{2}-\d{2}[.]md$/
const POLICY = /^policies\/[^/]+[.]ya?ml$/i
const INSTRUCTIONS = /^(?:[.]agents\/)?skills\/(?:.+\/)?SKILL[.]md$/

export const isDay = (path: string): boolean => DAY.test(path)
export const isPolicyFile = (path: string): boolean => POLICY.test(path)

// What a model is told. It is read as text whatever its bytes are, and of what is too long the beginning.
export const reachesPrompt = (path: string): boolean => ROOT.has(path) || SOUL.test(path) || DAY.test(path)

// What is read as text whatever its bytes are.
const isAlwaysText = (path: string): boolean => reachesPrompt(path) || POLICY.test(path) || INSTRUCTIONS.test(path)

// A null byte can be stored in no database, and says nothing to a model.
const lossy = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .replaceAll('\0', '\ufffd')

export const isPlainText = (bytes: Uint8Array): boolean => isUtf8(bytes) && !bytes.includes(0)

/** A file as text; undefined where it is none. */
export const textIn = (path: string, bytes: Uint8Array): string | undefined =>
  isAlwaysText(path) || isPlainText(bytes) ? lossy(bytes) : undefined

/** Which of these folders a path lies in, if any. */
export const holderOf = (folders: ReadonlySet<string>): ((path: string) => string | undefined) => {
  if (folders.size === 0) return () => undefined
  return (path) => {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at)
      if (folders.has(folder)) return folder
    }
    return undefined
  }
}
