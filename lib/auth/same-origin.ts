import { Problem } from '@/lib/shared/problem'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

const originOf = (url: string): string => {
  try {
    return new URL(url).origin
  } catch {
    return 'null'
  }
}

// A cookie is sent by the browser whoever asked for the request, so a change must prove that the console asked.
// Both headers are set by the browser itself; a request without either did not come from one.
export const requireSameOrigin = (request: Request, publicUrl: string): void => {
  if (SAFE.has(request.method)) return
  const site = request.headers.get('sec-fetch-site')
  const origin = request.headers.get('origin')
  const fromElsewhere = (site !== null && site !== 'same-origin') || (origin !== null && origin !== originOf(publicUrl))
  if (fromElsewhere || (site === null && origin === null)) throw new Problem('cross_site_refused')
}
