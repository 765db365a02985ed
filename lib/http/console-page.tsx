import 'server-only'

import { headers } from 'next/headers'
import { forbidden, notFound, redirect } from 'next/navigation'
import { cache, type ReactNode } from 'react'
import { identify, openScope } from '@/lib/auth'
import { kernel } from '@/lib/core/kernel'
import type { Identity, Scope } from '@/lib/core/scope'
import type { Contract, QueryOf } from '@/lib/shared/contract'
import { ops } from '@/lib/shared/contract'
import { isProblem } from '@/lib/shared/problem'
import { queryFromUrl, type UrlQuery } from '@/lib/shared/query'
import type { Permission } from '@/lib/shared/rbac'
import { spend } from './route'
import { newVisit, type Visit } from './visit'

type Search = Record<string, string | string[] | undefined>
type Params = Record<string, string>
type PageProps = { searchParams: Promise<Search>; params?: Promise<Params> }
type Visitor = { visit: Visit; identity: Identity; request: Request }

const requestFor = (path: string, sent: Headers): Request =>
  new Request(new URL(path, kernel().env.NEXTAUTH_URL || 'http://localhost'), { headers: sent })

// Layout and page of one request share one look at the credential.
const visitorWith = cache(async (permission: Permission | null): Promise<Visitor> => {
  const request = requestFor('/ops', new Headers(await headers()))
  const visit = newVisit(request)
  const identity = await identify(request, ops(permission), visit)
  if (!identity) throw new Error('an ops guard always ends in an identity')
  return { visit, identity, request }
})

const signInPath = (path: string, error?: string): string =>
  `/ops/sign-in?${new URLSearchParams({ callback_url: path, ...(error ? { error } : {}) })}`

const NOBODY = ['missing_token', 'missing_credentials', 'signed_out']
const NOT_HERE = ['permission_denied', 'tenant_access_denied', 'workspace_access_denied']

const turnAway = (error: unknown, path: string): never => {
  if (!isProblem(error)) throw error
  if (NOBODY.includes(error.code)) redirect(signInPath(path))
  if (NOT_HERE.includes(error.code)) forbidden()
  if (['no_role', 'missing_claim', 'invalid_token'].includes(error.code)) redirect(signInPath(path, error.code))
  throw error
}

const pathWith = (path: string, search: Search): string => {
  const kept = Object.entries(search).flatMap(([name, value]) => [value ?? []].flat().map((item) => [name, item]))
  return kept.length > 0 ? `${path}?${new URLSearchParams(kept)}` : path
}

const scopeOf = (
  { identity, visit, request }: Visitor,
  contract: Contract,
  path: string,
  query: unknown,
): Promise<Scope> =>
  openScope(identity, { contract, request: requestFor(path, request.headers), visit, input: { query } })

// A page that stands for one thing has its id in the path, written {id} as in contracts.
const filled = (path: string, params: Params): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))

const pageContract = (path: string, permission: Permission | null) =>
  ({ method: 'GET', path, summary: 'A page of the console', guard: ops(permission) }) as const

// Stands above a page's loading state, so that a refusal is a real 307 or 403 and not a message inside a 200.
export const consoleGate =
  (path: string, permission: Permission | null) =>
  async ({ children, params }: { children: ReactNode; params?: Promise<Params> }): Promise<ReactNode> => {
    const here = filled(path, (await params) ?? {})
    await visitorWith(permission).catch((error: unknown) => turnAway(error, here))
    return children
  }

// The frame of the console needs a person too, but leaves it to the gates to say where to come back to.
export const consoleFrame =
  (render: (scope: Scope, children: ReactNode) => ReactNode | Promise<ReactNode>) =>
  async ({ children }: { children: ReactNode }): Promise<ReactNode> => {
    const visitor = await visitorWith(null).catch((error: unknown) => (isProblem(error) ? null : Promise.reject(error)))
    return visitor ? render(await scopeOf(visitor, pageContract('/ops', null), '/ops', {}), children) : children
  }

// What route() does for a call: the limit of the person, one log line, one count.
const countPage = async ({ visit, identity }: Visitor, path: string, permission: Permission | null): Promise<void> => {
  await spend(pageContract(path, permission), { ...visit, identity })
  kernel().metrics.requests.inc({ method: 'GET', route: path, status: '200' })
  visit.log.info('page', { route: path, tenant: identity.tenantId, actor: identity.actor })
}

// What does not exist is a page of its own with its own status; any other failure is left to whoever loads.
export const unlessMissing = async <T,>(load: () => Promise<T>): Promise<() => Promise<T>> => {
  try {
    const found = await load()
    return async () => found
  } catch (error) {
    if (isProblem(error) && error.code === 'not_found') notFound()
    return () => Promise.reject(error)
  }
}

export type PageInput = { query: UrlQuery['wire']; params: Params }

// The twin of route(): guard on every page, the address bar parsed by the contract, then the page.
export const consolePage =
  <C extends Contract>(
    path: string,
    permission: Permission | null,
    contract: C | null,
    render: (scope: Scope, query: QueryOf<C>, input: PageInput) => ReactNode | Promise<ReactNode>,
  ) =>
  async ({ searchParams, params: asked }: PageProps): Promise<ReactNode> => {
    const [search, params] = [await searchParams, (await asked) ?? {}]
    const here = filled(path, params)
    const { wire } = queryFromUrl(contract ?? {}, search)
    const query = (contract?.query?.parse(wire) ?? {}) as QueryOf<C>
    const open = async () => {
      const visitor = await visitorWith(permission)
      await countPage(visitor, path, permission)
      return scopeOf(visitor, contract ?? pageContract(path, permission), pathWith(here, wire), query)
    }
    const scope = await open().catch((error: unknown) => turnAway(error, pathWith(here, search)))
    return render(scope, query, { query: wire, params })
  }
