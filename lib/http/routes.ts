import type { Contract } from '@/lib/shared/contract'
import type { RouteModule } from './lane'
import type { Route } from './route'

export type Endpoint = { path: string; method: string; handler: Route; contract: Contract }

// Every method of every route file that rides with a contract.
export const endpointsOf = (routes: readonly { path: string; module: RouteModule }[]): Endpoint[] =>
  routes.flatMap(({ path, module }) =>
    Object.entries(module).flatMap(([method, handler]) => {
      if (typeof handler !== 'function' || !('contract' in handler)) return []
      const route = handler as Route
      return [{ path, method, handler: route, contract: route.contract }]
    }),
  )
