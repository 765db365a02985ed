import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

// Next calls packages outside its bundles by names of its own, which are links beside the build. A package that is
// published carries no links, so the build writes down where they lead, and the server puts back what is missing.
type Links = Readonly<Record<string, string>>

const LINKS = 'dist/next-links.json'
const PLACE = '.next/node_modules'
const INNER = '/node_modules/'

const linksBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isSymbolicLink() ? [path] : entry.isDirectory() ? linksBelow(path) : []
  })

export const noteLinks = (root: string): void => {
  const place = join(root, PLACE)
  const links: Links = Object.fromEntries(
    (existsSync(place) ? linksBelow(place) : []).map((link) => {
      const target = resolve(dirname(link), readlinkSync(link))
      return [relative(place, link), relative(join(root, 'node_modules'), target)]
    }),
  )
  writeFileSync(join(root, LINKS), `${JSON.stringify(links, null, 2)}\n`)
}

// Node's own search: beside whoever asks, then in every folder above.
const packageFrom = (folder: string, name: string): string => {
  const found = join(folder, 'node_modules', name)
  if (existsSync(found)) return found
  const above = dirname(folder)
  if (above === folder) throw new Error(`The package ${name} is missing. Install Clasper again.`)
  return packageFrom(above, name)
}

const link = (from: string, to: string): void => {
  mkdirSync(dirname(from), { recursive: true })
  try {
    symlinkSync(to, from, 'junction')
  } catch (error) {
    if (!existsSync(from))
      throw new Error(`${from} cannot be made. Start Clasper once as the user who installed it.`, { cause: error })
  }
}

export const restoreLinks = (root: string): void => {
  const file = join(root, LINKS)
  if (!existsSync(file)) return
  const links = JSON.parse(readFileSync(file, 'utf8')) as Links
  for (const [name, path] of Object.entries(links)) {
    const from = join(root, PLACE, name)
    if (!existsSync(from)) link(from, path.split(INNER).reduce(packageFrom, root))
  }
}
