import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { RouteModule } from '@/lib/http/lane'
import { openApiOf } from '@/lib/http/openapi'
import { endpointsOf } from '@/lib/http/routes'
import { manifestIn } from '../app-root'

type Table = { routes: readonly { path: string; module: RouteModule }[] }

// The document is built from the routes that exist, so an undeclared or unserved endpoint cannot be in it.
export const openApiText = async (root: string): Promise<string> => {
  const table = (await import(pathToFileURL(join(root, 'app/routes.generated.ts')).href)) as Table
  const contracts = endpointsOf(table.routes).map(({ contract }) => contract)
  return `${JSON.stringify(openApiOf(contracts, manifestIn(root)?.version ?? ''), null, 2)}\n`
}
