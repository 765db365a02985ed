import { compareArms, setCanary } from '@/lib/workspace/contract/canary'
import {
  initEnvironments,
  listEnvironments,
  pinHistory,
  removePin,
  saveEnvironment,
  setPin,
} from '@/lib/workspace/contract/environments'
import { isPerson, jsonBody } from '../skill/skill-door'
import { ask, type Door } from '../workspace/server'

/** The environments of one workspace, by the plane that the door opens. */
export const environmentsBehind = (door: Door, workspace: string) => {
  const flat: Door = { ...door, base: isPerson(door) ? '/ops/api/workspace' : '/workspace' }
  const named = { workspace_id: workspace }
  const at = (environment: string | undefined): Record<string, string> =>
    environment === undefined ? {} : { environment }
  return {
    list: () => ask(flat, { path: '/envs', query: named }, listEnvironments.reply),
    init: (body: object) =>
      ask(flat, { path: '/envs/init', ...jsonBody({ ...named, ...body }) }, initEnvironments.reply),
    save: (body: object) => ask(flat, { path: '/envs', ...jsonBody({ ...named, ...body }) }, saveEnvironment.reply),
    pin: (body: object) => ask(flat, { path: '/pin', ...jsonBody({ ...named, ...body }) }, setPin.reply),
    unpin: (environment: string) =>
      ask(flat, { path: '/pin', query: { ...named, environment }, method: 'DELETE' }, removePin.reply),
    history: (environment: string | undefined) =>
      ask(door, { path: '/pins/history', query: at(environment) }, pinHistory.reply),
    arms: (environment: string) => ask(door, { path: '/canary', query: at(environment) }, compareArms.reply),
    tryOut: (body: object) => ask(door, { path: '/canary', ...jsonBody(body) }, setCanary.reply),
    end: (environment: string) =>
      ask(door, { path: '/canary', query: at(environment), method: 'DELETE' }, setCanary.reply),
    forAll: (body: object) => ask(door, { path: '/canary/promote', ...jsonBody(body) }, setCanary.reply),
  }
}

export type Environments = ReturnType<typeof environmentsBehind>
