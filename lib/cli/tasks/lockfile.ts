export type LockEntry = {
  version?: string
  optionalDependencies?: Record<string, string>
  dev?: boolean
  optional?: boolean
  [key: string]: unknown
}
export type Lockfile = { packages: Record<string, LockEntry>; [key: string]: unknown }

const folderAbove = (path: string): string => {
  const at = path.lastIndexOf('/node_modules/')
  return at < 0 ? '' : path.slice(0, at)
}

// Node's own search: beside the package that asks, then in every folder above.
const isLocked = (lock: Lockfile, from: string, name: string): boolean => {
  if (`${from === '' ? '' : `${from}/`}node_modules/${name}` in lock.packages) return true
  return from !== '' && isLocked(lock, folderAbove(from), name)
}

export type Missing = { name: string; version: string; isDev: boolean }

export const missingPlatforms = (lock: Lockfile): Missing[] =>
  Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !isLocked(lock, path, name))
      .map(([name, version]) => ({ name, version, isDev: entry.dev === true })),
  )

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32']
const PROCESSORS = ['arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64']

const platformOf = (name: string) => {
  const words = name.split(/[/-]/)
  const os = SYSTEMS.filter((system) => words.includes(system))
  const cpu = PROCESSORS.filter((processor) => words.includes(processor))
  const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : []
  return { cpu, ...(libc.length > 0 ? { libc } : {}), ...(os.length > 0 ? { os } : {}) }
}

const entryFor = ({ name, version, isDev }: Missing): LockEntry => {
  if (!/^\d+[.]\d+[.]\d+(?:-[\w.]+)?$/.test(version)) throw new Error(`${name}: ${version} is not an exact version`)
  return { version, ...platformOf(name), ...(isDev ? { dev: true } : {}), optional: true }
}

// A registry that offers only some platforms makes npm write an incomplete lock, which npm ci then refuses everywhere.
export const completed = (lock: Lockfile): Lockfile => {
  const added = missingPlatforms(lock).map((missing) => [`node_modules/${missing.name}`, entryFor(missing)] as const)
  const all = [...Object.entries(lock.packages), ...added].sort(([a], [b]) => a.localeCompare(b, 'en'))
  return { ...lock, packages: Object.fromEntries(all) }
}
