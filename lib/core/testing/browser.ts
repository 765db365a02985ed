// A browser small enough for a test: cookies per host, redirects, forms. No scripts.
export type Page = { url: string; status: number; body: string; headers: Headers; trail: readonly string[] }

export type Browser = {
  cookies: Map<string, Map<string, string>>
  open(url: string, init?: RequestInit): Promise<Page>
  hop(url: string, init?: RequestInit): Promise<Response>
  submit(page: Page, fields: Record<string, string>): Promise<Page>
  cookieHeader(url: string): string
}

const MAX_HOPS = 20

const remember = (jar: Map<string, string>, setCookies: readonly string[]) => {
  for (const line of setCookies) {
    const [pair = '', ...attributes] = line.split(';')
    const at = pair.indexOf('=')
    const name = pair.slice(0, at).trim()
    const value = pair.slice(at + 1).trim()
    const gone = attributes.some(
      (part) => /^\s*max-age=0\s*$/i.test(part) || /^\s*expires=thu, 01 jan 1970/i.test(part),
    )
    if (gone || value === '') jar.delete(name)
    else jar.set(name, value)
  }
}

const plainText = (text: string): string =>
  text
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')

const attribute = (tag: string, name: string): string | undefined => {
  const match = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)
  return match?.[1] === undefined ? undefined : plainText(match[1])
}

const formOf = (page: Page): { action: string; fields: Record<string, string> } => {
  const form = /<form\b[^>]*>/.exec(page.body)?.[0]
  if (!form) throw new Error(`no form on ${page.url} (${page.status}): ${page.body.slice(0, 300)}`)
  const hidden = [...page.body.matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)].map(([tag]) => tag)
  const fields = Object.fromEntries(hidden.map((tag) => [attribute(tag, 'name') ?? '', attribute(tag, 'value') ?? '']))
  return { action: new URL(attribute(form, 'action') ?? page.url, page.url).href, fields }
}

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status)

const nextRequest = (status: number, init: RequestInit): RequestInit =>
  status === 307 || status === 308 ? init : { headers: { accept: 'text/html' } }

export const createBrowser = (): Browser => {
  const cookies = new Map<string, Map<string, string>>()
  const jarOf = (url: string) => {
    const { host } = new URL(url)
    const jar = cookies.get(host) ?? new Map<string, string>()
    cookies.set(host, jar)
    return jar
  }
  const cookieHeader = (url: string) => [...jarOf(url)].map(([name, value]) => `${name}=${value}`).join('; ')
  const hop = async (url: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers)
    const cookie = cookieHeader(url)
    if (cookie !== '') headers.set('cookie', cookie)
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    remember(jarOf(url), response.headers.getSetCookie())
    return response
  }
  const open = async (start: string, first: RequestInit = { headers: { accept: 'text/html' } }): Promise<Page> => {
    const trail: string[] = []
    let [url, init] = [start, first]
    for (let hops = 0; hops < MAX_HOPS; hops++) {
      const response = await hop(url, init)
      const location = response.headers.get('location')
      if (!isRedirect(response.status) || !location) {
        return { url, status: response.status, body: await response.text(), headers: response.headers, trail }
      }
      await response.arrayBuffer()
      trail.push(url)
      url = new URL(location, url).href
      init = nextRequest(response.status, init)
    }
    throw new Error(`too many redirects: ${trail.join(' → ')}`)
  }
  const submit = (page: Page, fields: Record<string, string>) => {
    const form = formOf(page)
    const body = new URLSearchParams({ ...form.fields, ...fields })
    const origin = new URL(page.url).origin
    return open(form.action, {
      method: 'POST',
      body,
      headers: { accept: 'text/html', origin, 'content-type': 'application/x-www-form-urlencoded' },
    })
  }
  return { cookies, open, hop, submit, cookieHeader }
}

export type SignedIn = { browser: Browser; cookie: string; landed: Page }

// Signs a demo person in the way a browser does: our start address, the provider's people page, Continue, back.
export const signIn = async (
  baseUrl: string,
  person: string,
  browser = createBrowser(),
  callback = '/ops',
): Promise<SignedIn> => {
  const people = await browser.open(`${baseUrl}/ops/sign-in/start?callback=${encodeURIComponent(callback)}`)
  const asked = people.body.includes('name="person"') ? await browser.submit(people, { person }) : people
  const landed = asked.body.includes('value="continue"') ? await browser.submit(asked, { decision: 'continue' }) : asked
  return { browser, cookie: browser.cookieHeader(baseUrl), landed }
}
