import type { Ask } from './turn'
import type { Offer } from './use-playground'

export type Setup = { role: string; model: string; temperature: string; taskTitle: string }

export const EMPTY_SETUP: Setup = { role: '', model: '', temperature: '', taskTitle: '' }

export const roleIn = (offer: Offer, { role }: Setup): string =>
  offer.roles.includes(role) ? role : (offer.roles[0] ?? 'agent')

export const modelIn = (offer: Offer, { model }: Setup): Offer['models'][number] | undefined =>
  offer.models.find(({ name }) => name === model) ?? offer.models.find(({ is_default }) => is_default)

export const modelLabel = ({ name, is_default, is_demo }: Offer['models'][number]): string =>
  [name, is_demo ? 'demo' : is_default ? 'default' : ''].filter((part) => part !== '').join(' · ')

export const askOf = (message: string, offer: Offer, setup: Setup): Ask => {
  const title = setup.taskTitle.trim()
  const model = modelIn(offer, setup)
  return {
    message,
    role: roleIn(offer, setup),
    workspace_id: offer.workspace_id,
    ...(model ? { model: model.name } : {}),
    ...(setup.temperature.trim() === '' ? {} : { temperature: Number(setup.temperature) }),
    ...(title === '' ? {} : { task_title: title }),
  }
}
