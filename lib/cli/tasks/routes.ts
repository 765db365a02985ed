import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { pathOfFile, type RouteFiles, tableOf } from './route-table'

const root = process.cwd()
const target = join(root, 'app/routes.generated.ts')

const filesBelow = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
    : []

const inApp = filesBelow(join(root, 'app')).map((file) => relative(join(root, 'app'), file))
const named = (pattern: RegExp) => inApp.filter((file) => pattern.test(file))

// next-auth answers below /api/auth by itself; the lane leaves that folder to Next.
const isForeign = (file: string) => file.startsWith('api/auth/')

const found: RouteFiles = {
  routes: named(/(?:^|\/)route[.]ts$/).filter((file) => !isForeign(file)),
  pages: named(/(?:^|\/)page[.]tsx$/).map(pathOfFile),
  files: [
    ...named(/^(?:icon|apple-icon|favicon)[.]\w+$/).map((file) => `/${file}`),
    ...filesBelow(join(root, 'public')).map((file) => `/${relative(join(root, 'public'), file)}`),
  ],
}

const text = tableOf(found)
mkdirSync(dirname(target), { recursive: true })
if (!existsSync(target) || readFileSync(target, 'utf8') !== text) writeFileSync(target, text)
console.log(`${found.routes.length} routes, ${found.pages.length} pages`)
