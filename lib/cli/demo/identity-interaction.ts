import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import { consentPage, notePage, peoplePage } from './identity-pages'
import type { Person } from './people'

const MAX_FORM = 4096

const readForm = async (request: IncomingMessage): Promise<URLSearchParams> => {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > MAX_FORM) throw new Error('the form is too large')
  }
  return new URLSearchParams(text)
}

const send = (response: ServerResponse, status: number, body: string) => {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
  })
  response.end(body)
}

type Details = Awaited<ReturnType<Provider['interactionDetails']>>

const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

const resourceScopes = (value: unknown): [string, string[]][] =>
  Object.entries(typeof value === 'object' && value !== null ? value : {}).map(([resource, scopes]) => [
    resource,
    list(scopes),
  ])

const grantFor = async (provider: Provider, details: Details): Promise<string> => {
  const existing = details.grantId ? await provider.Grant.find(details.grantId) : undefined
  const accountId = String(details.session?.accountId)
  const grant = existing ?? new provider.Grant({ accountId, clientId: String(details.params['client_id']) })
  const wanted = details.prompt.details
  grant.addOIDCScope(list(wanted['missingOIDCScope']).join(' '))
  grant.addOIDCClaims(list(wanted['missingOIDCClaims']))
  for (const [resource, scopes] of resourceScopes(wanted['missingResourceScopes'])) {
    grant.addResourceScope(resource, scopes.join(' '))
  }
  return grant.save()
}

type Visit = { provider: Provider; people: readonly Person[]; request: IncomingMessage; response: ServerResponse }

const show = async ({ provider, people, request, response }: Visit, details: Details) => {
  const action = request.url ?? '/'
  if (details.prompt.name === 'login') return send(response, 200, peoplePage(action, people))
  const person = people.find(({ id }) => id === details.session?.accountId)
  const client = await provider.Client.find(String(details.params['client_id']))
  if (!person || !client)
    return send(response, 400, notePage('That did not work', 'This person is not known any more.'))
  send(response, 200, consentPage(action, person, client.clientName ?? client.clientId))
}

const decide = async ({ provider, people, request, response }: Visit, details: Details) => {
  const form = await readForm(request)
  if (form.get('decision') === 'cancel') {
    const result = { error: 'access_denied', error_description: 'The person cancelled.' }
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
  }
  if (details.prompt.name === 'login') {
    const person = people.find(({ id }) => id === form.get('person'))
    if (!person) return send(response, 400, peoplePage(request.url ?? '/', people))
    return provider.interactionFinished(
      request,
      response,
      { login: { accountId: person.id } },
      { mergeWithLastSubmission: false },
    )
  }
  const result = { consent: { grantId: await grantFor(provider, details) } }
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true })
}

export const interact = async (visit: Visit): Promise<void> => {
  try {
    const details = await visit.provider.interactionDetails(visit.request, visit.response)
    await (visit.request.method === 'POST' ? decide(visit, details) : show(visit, details))
  } catch {
    send(visit.response, 400, notePage('This sign-in has expired', 'Go back to the console and start again.'))
  }
}
