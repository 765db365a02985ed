import { type Answer, callFull, type Input, type Wire } from './api-client'
import type { Contract, ReplySent } from './contract'

type Raw = Record<string, string | string[] | null | undefined>

export type UrlQuery = { wire: Wire; refused: { name: string; message: string }[] }

// Server and browser read the address bar through this one function, so a prefetched key is the key that the hook asks for.
export const queryFromUrl = (contract: Pick<Contract, 'query'>, raw: Raw): UrlQuery => {
  const wire: Wire = {}
  const refused: UrlQuery['refused'] = []
  for (const [name, field] of Object.entries(contract.query?.shape ?? {})) {
    const value = raw[name]
    if (value === undefined || value === null || value === '') continue
    const parsed = (
      field as { safeParse: (v: unknown) => { success: boolean; error?: { message: string } } }
    ).safeParse(value)
    if (parsed.success) wire[name] = value
    else refused.push({ name, message: Array.isArray(value) ? 'is given more than once' : 'is not valid' })
  }
  return { wire, refused }
}

type KeyInput = { params?: unknown; query?: unknown; body?: unknown }

export const keyOf = (contract: Pick<Contract, 'method' | 'path'>, input: KeyInput = {}) =>
  [contract.method, contract.path, input.params ?? {}, input.query ?? {}, input.body ?? null] as const

export const keyPrefixOf = (contract: Pick<Contract, 'method' | 'path'>) => [contract.method, contract.path] as const

const keep = <T>(previous: T): T => previous

export const queryFor = <C extends Contract>(contract: C, input: Input<C>) => ({
  queryKey: keyOf(contract, input as KeyInput),
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<ReplySent<C>> =>
    (await callFull(contract, { ...input, signal })).data,
  // A list keeps its old rows while the next ones come; a single thing must never show under another's name.
  ...(contract.params ? {} : { placeholderData: keep }),
})

type Refresher = { invalidateQueries: (filter: { queryKey: readonly unknown[] }) => Promise<void> }

export const mutationFor = <C extends Contract>(contract: C, options: { refreshes?: readonly Contract[] } = {}) => ({
  mutationKey: keyPrefixOf(contract),
  mutationFn: (input: Input<C>): Promise<Answer<ReplySent<C>>> => callFull(contract, input),
  onSuccess: async (
    _answer: Answer<ReplySent<C>>,
    _input: Input<C>,
    _result: unknown,
    context: { client: Refresher },
  ) => {
    await Promise.all(
      (options.refreshes ?? []).map((stale) => context.client.invalidateQueries({ queryKey: keyPrefixOf(stale) })),
    )
  },
})
