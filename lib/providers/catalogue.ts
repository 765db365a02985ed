import { type Api, getModels, type Model } from '@mariozechner/pi-ai'
import { kernel } from '@/lib/core/kernel'
import { PROVIDER_NAMES, type ProviderName } from './provider-table'

export type LibraryModel = Model<Api>

type Catalogue = ReadonlyMap<ProviderName, ReadonlyMap<string, LibraryModel>>

const build = (): Catalogue =>
  new Map(PROVIDER_NAMES.map((provider) => [provider, new Map(getModels(provider).map((model) => [model.id, model]))]))

const catalogue = (): Catalogue => kernel().slot('providers.catalogue', build)

export const catalogued = (provider: ProviderName, id: string): LibraryModel | undefined =>
  catalogue().get(provider)?.get(id)

export const cataloguedModels = (): LibraryModel[] =>
  [...catalogue().values()].flatMap((models) => [...models.values()])

export const cataloguedNames = (): string[] => cataloguedModels().map((model) => `${model.provider}/${model.id}`)
