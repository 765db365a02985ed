const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const

type Described = { method: string; path: string; guard: { kind: string } }

export const isContract = (value: unknown): value is Described =>
  typeof value === 'object' &&
  value !== null &&
  'method' in value &&
  'path' in value &&
  'guard' in value &&
  'summary' in value

// app/(api)/traces/[id]/route.ts answers at /traces/{id}; a group adds no segment.
export const addressOf = (file: string): string => {
  const segments = file
    .replace(/^app\//, '')
    .replace(/\/?route[.]ts$/, '')
    .split('/')
    .filter((segment) => segment !== '' && !/^\(.*\)$/.test(segment))
  return `/${segments.map((segment) => segment.replace(/^\[(.+)\]$/, '{$1}')).join('/')}`
}

const contractOf = (handler: unknown): unknown =>
  typeof handler === 'function' && 'contract' in handler ? handler.contract : undefined

export const faultsOfRoute = (file: string, exported: Record<string, unknown>): string[] => {
  const address = addressOf(file)
  const faults: string[] = []
  for (const [name, handler] of Object.entries(exported)) {
    if (!METHODS.some((method) => method === name)) {
      if (!['dynamic', 'runtime', 'revalidate', 'maxDuration'].includes(name))
        faults.push(`${file}: exports ${name}, which is no method.`)
      continue
    }
    const contract = contractOf(handler)
    if (!isContract(contract)) faults.push(`${file}: ${name} carries no contract.`)
    else if (contract.method !== name)
      faults.push(`${file}: ${name} carries the contract of ${contract.method} ${contract.path}.`)
    else if (contract.path !== address)
      faults.push(`${file}: stands at ${address}, its contract says ${contract.path}.`)
  }
  return faults
}

export const endpointsOf = (exported: Record<string, unknown>): string[] =>
  Object.values(exported).flatMap((handler) => {
    const contract = contractOf(handler)
    return isContract(contract) ? [`${contract.method} ${contract.path}`] : []
  })
